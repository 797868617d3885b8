/* Lines of standard input. */
#pragma once

enum { LINE_LIMIT = 64 * 1024 };

enum line { LINE_READ, LINE_REFUSED, LINE_NONE_LEFT };

/* `*line` stays valid, and may be changed, until the next call. A line that is too long or has a NUL in it is refused. */
enum line read_line(char **line);
