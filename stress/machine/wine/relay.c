/* relay [--from-unix] program [argument ...]
 *
 * Runs a program on Windows pipes of its own, and copies between those and its own stdin, stdout and stderr. Needed under
 * Wine: Windows Node dies of a Unix pipe on its stdio, and the stdio pipes between x64 and ia32 Node do not work.
 *
 * The program and all that it starts live in a job that dies with this process, however this process ends. When the program
 * has ended, what is left in the pipes is copied, and the relay ends with its exit code, whoever still holds the pipes open.
 *
 * --from-unix: the parent is a Unix process. Then
 *   - stdin is a lifeline: the program reads from NUL, and when stdin ends the program is ended;
 *   - a byte on stdin asks the program to end in order, by the event that WAITABLE_INTERRUPTION names in its environment;
 *   - one NUL byte on stdout says that the program has been started;
 *   - an exit code that Unix would cut to eight bits is written to stderr and becomes 255. */
#include <stdio.h>
#include <wchar.h>
#include <windows.h>

enum { EXIT_USAGE = 125, EXIT_NOT_STARTED = 126, EXIT_LIFELINE = 130, EXIT_TOO_LARGE = 255 };

typedef struct {
  HANDLE from, to;
  OVERLAPPED read;
  char buffer[65536];
} Stream;

static HANDLE job;
static HANDLE interruption;

static __declspec(noreturn) void fail(const char *call, const wchar_t *subject) {
  DWORD error = GetLastError();
  fprintf(stderr, "relay: %s failed with error %lu: %ls\n", call, error, subject);
  ExitProcess(EXIT_NOT_STARTED);
}

/* As the C runtime splits it: the first argument of a command line knows quotes, but no escapes. */
static wchar_t *skip_argument(wchar_t *command) {
  BOOL quoted = FALSE;
  while (*command != L'\0' && (quoted || (*command != L' ' && *command != L'\t'))) {
    if (*command == L'"') quoted = !quoted;
    command++;
  }
  while (*command == L' ' || *command == L'\t') command++;
  return command;
}

static BOOL write_all(HANDLE to, const char *bytes, DWORD count) {
  while (count > 0) {
    DWORD written = 0;
    if (!WriteFile(to, bytes, count, &written, NULL)) return FALSE;
    bytes += written;
    count -= written;
  }
  return TRUE;
}

static BOOL set_inheritable(HANDLE handle, BOOL inheritable) {
  return SetHandleInformation(handle, HANDLE_FLAG_INHERIT, inheritable ? HANDLE_FLAG_INHERIT : 0);
}

/* A pipe whose reading end is ours and overlapped, so that a read can be given up; gives the program's end. */
static HANDLE open_output(Stream *stream, DWORD standard_handle, const wchar_t *label) {
  wchar_t name[64];
  HANDLE programs_end;
  swprintf(name, 64, L"\\\\.\\pipe\\waitable-relay-%lu-%ls", GetCurrentProcessId(), label);
  stream->to = GetStdHandle(standard_handle);
  set_inheritable(stream->to, FALSE);
  stream->from = CreateNamedPipeW(name, PIPE_ACCESS_INBOUND | FILE_FLAG_OVERLAPPED | FILE_FLAG_FIRST_PIPE_INSTANCE,
                                  PIPE_TYPE_BYTE | PIPE_WAIT | PIPE_REJECT_REMOTE_CLIENTS, 1, 0, 65536, 0, NULL);
  if (stream->from == INVALID_HANDLE_VALUE) fail("CreateNamedPipeW", name);
  programs_end = CreateFileW(name, GENERIC_WRITE | FILE_READ_ATTRIBUTES, 0, NULL, OPEN_EXISTING, 0, NULL);
  if (programs_end == INVALID_HANDLE_VALUE || !set_inheritable(programs_end, TRUE)) fail("CreateFileW", name);
  stream->read.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL);
  if (stream->read.hEvent == NULL) fail("CreateEventW", name);
  return programs_end;
}

/* FALSE when no writer is left. */
static BOOL begin_read(Stream *stream) {
  return ReadFile(stream->from, stream->buffer, sizeof stream->buffer, NULL, &stream->read) || GetLastError() == ERROR_IO_PENDING;
}

/* FALSE when the read was given up, or no writer is left. */
static BOOL finish_read(Stream *stream) {
  DWORD count = 0;
  if (!GetOverlappedResult(stream->from, &stream->read, &count, TRUE)) return FALSE;
  /* Nobody is left to read what the program writes: let it not run on unheard. */
  if (!write_all(stream->to, stream->buffer, count)) ExitProcess(EXIT_LIFELINE);
  return TRUE;
}

static void copy_what_is_left(Stream *stream) {
  DWORD available = 0;
  CancelIo(stream->from);
  finish_read(stream);
  while (PeekNamedPipe(stream->from, NULL, 0, NULL, &available, NULL) && available > 0) {
    if (!begin_read(stream) || !finish_read(stream)) return;
  }
}

static void copy_until_ended(HANDLE process, Stream *streams[2]) {
  HANDLE waited[3] = {process};
  Stream *read[3] = {NULL};
  DWORD count = 1;
  for (int i = 0; i < 2; i++) {
    if (!begin_read(streams[i])) continue;
    waited[count] = streams[i]->read.hEvent;
    read[count++] = streams[i];
  }
  for (;;) {
    DWORD index = WaitForMultipleObjects(count, waited, FALSE, INFINITE) - WAIT_OBJECT_0;
    if (index >= count) fail("WaitForMultipleObjects", L"copying");
    if (index == 0) break;
    if (finish_read(read[index]) && begin_read(read[index])) continue;
    count--;
    waited[index] = waited[count];
    read[index] = read[count];
  }
  for (DWORD i = 1; i < count; i++) copy_what_is_left(read[i]);
}

static DWORD WINAPI copy_input(void *programs_stdin) {
  static char buffer[65536];
  DWORD count;
  HANDLE from = GetStdHandle(STD_INPUT_HANDLE);
  while (ReadFile(from, buffer, sizeof buffer, &count, NULL) && count > 0) {
    if (!write_all(programs_stdin, buffer, count)) break;
  }
  CloseHandle(programs_stdin);
  return 0;
}

static DWORD WINAPI watch_lifeline(void *unused) {
  char buffer[64];
  DWORD count;
  HANDLE from = GetStdHandle(STD_INPUT_HANDLE);
  (void)unused;
  while (ReadFile(from, buffer, sizeof buffer, &count, NULL) && count > 0) SetEvent(interruption);
  TerminateJobObject(job, EXIT_LIFELINE);
  ExitProcess(EXIT_LIFELINE);
}

/* The program inherits the variable. */
static void offer_interruption(void) {
  wchar_t name[64];
  swprintf(name, 64, L"waitable-interruption-%lu", GetCurrentProcessId());
  interruption = CreateEventW(NULL, TRUE, FALSE, name);
  if (interruption == NULL || !SetEnvironmentVariableW(L"WAITABLE_INTERRUPTION", name)) fail("CreateEventW", name);
}

static void create_job(void) {
  JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {0};
  limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
  job = CreateJobObjectW(NULL, NULL);
  if (job == NULL || !SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof limits)) {
    fail("CreateJobObjectW", L"");
  }
}

static HANDLE start(wchar_t *command, HANDLE input, HANDLE output, HANDLE error) {
  STARTUPINFOW startup = {.cb = sizeof startup, .dwFlags = STARTF_USESTDHANDLES};
  PROCESS_INFORMATION process;
  startup.hStdInput = input;
  startup.hStdOutput = output;
  startup.hStdError = error;
  if (!CreateProcessW(NULL, command, NULL, NULL, TRUE, CREATE_SUSPENDED, NULL, NULL, &startup, &process)) {
    fail("CreateProcessW", command);
  }
  if (!AssignProcessToJobObject(job, process.hProcess)) {
    DWORD reason = GetLastError();
    TerminateProcess(process.hProcess, EXIT_NOT_STARTED);
    SetLastError(reason);
    fail("AssignProcessToJobObject", command);
  }
  ResumeThread(process.hThread);
  CloseHandle(process.hThread);
  /* While these are open here too, the pipes never report their other end as closed. */
  CloseHandle(input);
  CloseHandle(output);
  CloseHandle(error);
  return process.hProcess;
}

int main(void) {
  static Stream output, error;
  Stream *streams[2] = {&output, &error};
  wchar_t *command = skip_argument(GetCommandLineW());
  BOOL from_unix = wcsncmp(command, L"--from-unix ", 12) == 0;
  HANDLE process, input_end, output_end, error_end, input = NULL;
  DWORD exit_code;

  if (from_unix) command = skip_argument(command);
  if (*command == L'\0' || (*command == L'-' && command[1] == L'-')) {
    fputs("usage: relay [--from-unix] program [argument ...]\n", stderr);
    return EXIT_USAGE;
  }
  create_job();
  set_inheritable(GetStdHandle(STD_INPUT_HANDLE), FALSE);
  output_end = open_output(&output, STD_OUTPUT_HANDLE, L"stdout");
  error_end = open_output(&error, STD_ERROR_HANDLE, L"stderr");
  if (from_unix) {
    offer_interruption();
    input_end = CreateFileW(L"NUL", GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
    if (input_end == INVALID_HANDLE_VALUE) fail("CreateFileW", L"NUL");
  } else if (!CreatePipe(&input_end, &input, NULL, 0)) {
    fail("CreatePipe", L"stdin");
  }
  set_inheritable(input_end, TRUE);

  process = start(command, input_end, output_end, error_end);
  if (from_unix) write_all(output.to, "", 1);
  /* Only now: the program is in the job by now, so that it ends with us. */
  CloseHandle(CreateThread(NULL, 0, from_unix ? watch_lifeline : copy_input, input, 0, NULL));
  copy_until_ended(process, streams);

  GetExitCodeProcess(process, &exit_code);
  if (from_unix && exit_code > 255) {
    fprintf(stderr, "relay: the program ended with exit code %lu (0x%08lX)\n", exit_code, exit_code);
    fflush(stderr);
    exit_code = EXIT_TOO_LARGE;
  }
  /* Not `return`: the thread may be inside a read that nothing will end. */
  ExitProcess(exit_code);
}
