#include "call.h"

struct failure map_section(int32_t handle, struct view *view)
{
    void *address = MapViewOfFile(wide(handle), FILE_MAP_READ | FILE_MAP_WRITE, 0, 0, 0);
    if (address == NULL)
        return failure_of("MapViewOfFile");
    /* The size that was asked for says nothing about a section that existed before. */
    MEMORY_BASIC_INFORMATION region;
    if (VirtualQuery(address, &region, sizeof region) == 0) {
        struct failure failure = failure_of("VirtualQuery");
        UnmapViewOfFile(address);
        return failure;
    }
    *view = (struct view){address, region.RegionSize / sizeof *view->words};
    return success;
}

void unmap_section(struct view view)
{
    UnmapViewOfFile((const void *)view.words);
}
