#include "../common/process.h"

#include "call.h"
#include "exchange.h"

size_t read_input(char *buffer, size_t size)
{
    if (are_exchanges_served())
        return read_exchange(buffer, size);
    DWORD read;
    return ReadFile(GetStdHandle(STD_INPUT_HANDLE), buffer, (DWORD)size, &read, NULL) ? read : 0;
}

bool write_output(const char *text, size_t size)
{
    if (are_exchanges_served()) {
        write_exchange(text, size);
        return true;
    }
    DWORD written;
    for (size_t sent = 0; sent < size; sent += written) {
        if (!WriteFile(GetStdHandle(STD_OUTPUT_HANDLE), text + sent, (DWORD)(size - sent), &written, NULL))
            return false;
    }
    return true;
}

int64_t now_nanoseconds(void)
{
    const int64_t second = 1000000000;
    LARGE_INTEGER ticks, frequency;
    QueryPerformanceCounter(&ticks);
    QueryPerformanceFrequency(&frequency);
    /* Whole seconds apart, since the product of all ticks with a billion would overflow. */
    return ticks.QuadPart / frequency.QuadPart * second + ticks.QuadPart % frequency.QuadPart * second / frequency.QuadPart;
}

uint32_t own_process_id(void)
{
    return GetCurrentProcessId();
}

uint32_t own_thread_id(void)
{
    return GetCurrentThreadId();
}

void ignore_interruption(void)
{
    SetConsoleCtrlHandler(NULL, TRUE);
}

void end_in_order(uint32_t exit_code)
{
    ExitProcess(exit_code);
    __builtin_unreachable();
}

void end_at_once(uint32_t exit_code)
{
    TerminateProcess(GetCurrentProcess(), exit_code);
    __builtin_unreachable();
}

void sleep_for_ever(void)
{
    for (;;)
        Sleep(INFINITE);
}

/* From a thread of its own, since the main thread may block for ever; and at once, as if the parent had done it. */
static DWORD WINAPI end_with(void *process)
{
    WaitForSingleObject(process, INFINITE);
    end_at_once(1);
}

struct failure end_with_process(uint32_t process_id)
{
    HANDLE process = OpenProcess(SYNCHRONIZE, FALSE, process_id);
    if (process == NULL)
        return failure_of("OpenProcess");
    HANDLE thread = CreateThread(NULL, 0, end_with, process, 0, NULL);
    if (thread == NULL) {
        struct failure failure = failure_of("CreateThread");
        CloseHandle(process);
        return failure;
    }
    CloseHandle(thread);
    return success;
}
