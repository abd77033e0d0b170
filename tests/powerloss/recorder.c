/* An LD_PRELOAD library that records what a process writes and syncs below one folder.
 * Not a fault injector: every call is passed on unchanged; crash images are built from the trace.
 *
 * TASDIQ_TRACE_DIR  the folder, absolute and without symbolic links
 * TASDIQ_TRACE      the trace, appended to, outside that folder
 * TASDIQ_TRACE_KILL (may be unset) kill the process at the first write from this event on: inside
 *                   the mutex, so that the trace tells all that was done. A kill from outside may
 *                   strike between a call and its record.
 *
 * One mutex spans each real call and its record, so the trace is the order of events. A record is
 * struct event, then `text_bytes` of paths, then `data_bytes` of what was written, in one append.
 * Mapped memory and O_DIRECT tricks are not seen; nothing here uses them. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind {
    OPEN = 1, WRITE, TRUNCATE, ALLOCATE, SYNC, SYNC_RANGE, RENAME, UNLINK, MKDIR, ACK, LINK
};

/* `a` and `b`: WRITE offset; TRUNCATE length; ALLOCATE end and mode; OPEN is-folder. */
struct event {
    uint32_t kind, text_bytes;
    uint64_t inode, a, b, data_bytes;
};

#define FILES_MAX 4096

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int trace_fd = -1;
static char folder[PATH_MAX];
static size_t folder_bytes;
static ino_t files[FILES_MAX]; /* files and folders opened below `folder` */
static int file_count;
static ino_t ack_inode;
static long kill_from, event_count;

#define REAL(name) \
    static __typeof__(&name) real; \
    if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void start(void) {
    const char *trace = getenv("TASDIQ_TRACE"), *below = getenv("TASDIQ_TRACE_DIR");
    if (!trace || !below || strlen(below) >= sizeof folder) return;
    strcpy(folder, below);
    folder_bytes = strlen(folder);
    if (getenv("TASDIQ_TRACE_KILL")) kill_from = atol(getenv("TASDIQ_TRACE_KILL"));
    trace_fd = (int)syscall(SYS_openat, AT_FDCWD, trace,
                            O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static int is_below(const char *path) {
    return trace_fd >= 0 && strncmp(path, folder, folder_bytes) == 0 &&
           (path[folder_bytes] == '/' || path[folder_bytes] == 0);
}

/* The absolute path of `path`, its folder without links; 0 if it is not below the folder. */
static int resolve(int at, const char *path, char *out) {
    char joined[PATH_MAX], base[NAME_MAX + 1], link[64];
    int saved = errno, below = 0;
    if (trace_fd < 0 || !path || strlen(path) + 1 >= PATH_MAX) return 0;
    if (path[0] == '/' || at == AT_FDCWD) {
        strcpy(joined, path);
    } else {
        char *end = link + sizeof link;
        *--end = 0;
        for (int n = at; n || !*end; n /= 10) *--end = (char)('0' + n % 10);
        end -= strlen("/proc/self/fd/");
        memcpy(end, "/proc/self/fd/", strlen("/proc/self/fd/"));
        ssize_t n = readlink(end, joined, sizeof joined - 1);
        if (n < 0 || (size_t)n + strlen(path) + 2 > sizeof joined) goto done;
        joined[n] = '/';
        strcpy(joined + n + 1, path);
    }
    size_t n = strlen(joined);
    while (n > 1 && joined[n - 1] == '/') joined[--n] = 0;
    char *slash = strrchr(joined, '/');
    const char *name = slash ? slash + 1 : joined;
    if (strlen(name) > NAME_MAX) goto done;
    strcpy(base, name);
    if (slash) *(slash == joined ? slash + 1 : slash) = 0; else strcpy(joined, ".");
    if (!realpath(joined, out) || strlen(out) + strlen(base) + 2 > PATH_MAX) goto done;
    if (strcmp(out, "/")) strcat(out, "/");
    strcat(out, base);
    below = is_below(out);
done:
    errno = saved;
    return below;
}

static int known(ino_t inode) {
    for (int i = 0; i < file_count; i++) if (files[i] == inode) return 1;
    return 0;
}

static void forget(ino_t inode) {
    for (int i = 0; i < file_count; i++)
        if (files[i] == inode) files[i--] = files[--file_count];
}

/* The inode of a descriptor below the folder, or 0. */
static ino_t tracked(int fd) {
    struct stat found;
    int saved = errno;
    ino_t inode = 0;
    if (trace_fd >= 0 && fstat(fd, &found) == 0 && known(found.st_ino)) inode = found.st_ino;
    errno = saved;
    return inode;
}

static void record(struct event event, const char *text, const struct iovec *data, int parts) {
    size_t left = (size_t)event.data_bytes, at = sizeof event + event.text_bytes;
    char *line = malloc(at + left);
    if (!line) abort();
    memcpy(line, &event, sizeof event);
    if (text) memcpy(line + sizeof event, text, event.text_bytes);
    for (int i = 0; i < parts && left; i++) {
        size_t n = data[i].iov_len < left ? data[i].iov_len : left;
        memcpy(line + at, data[i].iov_base, n);
        at += n;
        left -= n;
    }
    int saved = errno;
    if (syscall(SYS_write, trace_fd, line, at) != (long)at) abort();
    errno = saved;
    free(line);
    event_count++;
    if (kill_from && event_count >= kill_from && event.kind == WRITE) {
        kill(getpid(), SIGKILL);
        for (;;) pause();
    }
}

static void record_path(enum kind kind, ino_t inode, uint64_t a, const char *path) {
    struct event event = {kind, (uint32_t)strlen(path), inode, a, 0, 0};
    record(event, path, NULL, 0);
}

static void record_write(int fd, const struct iovec *data, int parts, ssize_t n, off_t offset) {
    ino_t inode = n > 0 ? tracked(fd) : 0;
    if (!inode) return;
    if (offset < 0) offset = lseek(fd, 0, SEEK_CUR) - n;
    struct event event = {inode == ack_inode ? ACK : WRITE, 0, inode,
                          (uint64_t)offset, 0, (uint64_t)n};
    record(event, NULL, data, parts);
}

static int opened(int fd, const char *path, int flags) {
    struct stat found;
    if (fd < 0 || fstat(fd, &found)) return fd;
    if (!known(found.st_ino)) {
        if (file_count == FILES_MAX) abort();
        files[file_count++] = found.st_ino;
    }
    if (strcmp(path + folder_bytes, "/ack") == 0) {
        ack_inode = found.st_ino;
        return fd;
    }
    record_path(OPEN, found.st_ino, S_ISDIR(found.st_mode), path);
    if (flags & O_TRUNC) {
        struct event event = {TRUNCATE, 0, found.st_ino, 0, 0, 0};
        record(event, NULL, NULL, 0);
    }
    return fd;
}

#define MODE(flags) \
    mode_t mode = 0; \
    if ((flags) & (O_CREAT | O_TMPFILE)) { \
        va_list list; \
        va_start(list, flags); \
        mode = va_arg(list, mode_t); \
        va_end(list); \
    }

#define OPENS(at, path, flags, call) \
    char full[PATH_MAX]; \
    pthread_mutex_lock(&mutex); \
    int below = resolve(at, path, full); \
    int fd = call; \
    if (below) fd = opened(fd, full, flags); \
    pthread_mutex_unlock(&mutex); \
    return fd;

int open(const char *path, int flags, ...) {
    REAL(open); MODE(flags) OPENS(AT_FDCWD, path, flags, real(path, flags, mode))
}
int open64(const char *path, int flags, ...) {
    REAL(open64); MODE(flags) OPENS(AT_FDCWD, path, flags, real(path, flags, mode))
}
int openat(int at, const char *path, int flags, ...) {
    REAL(openat); MODE(flags) OPENS(at, path, flags, real(at, path, flags, mode))
}
int openat64(int at, const char *path, int flags, ...) {
    REAL(openat64); MODE(flags) OPENS(at, path, flags, real(at, path, flags, mode))
}
int creat(const char *path, mode_t mode) { return open(path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int creat64(const char *path, mode_t mode) { return creat(path, mode); }

#define WRITES(data, parts, offset, call) \
    pthread_mutex_lock(&mutex); \
    ssize_t n = call; \
    record_write(fd, data, parts, n, offset); \
    pthread_mutex_unlock(&mutex); \
    return n;

ssize_t write(int fd, const void *bytes, size_t count) {
    REAL(write);
    struct iovec data = {(void *)bytes, count};
    WRITES(&data, 1, -1, real(fd, bytes, count))
}
ssize_t writev(int fd, const struct iovec *data, int parts) {
    REAL(writev); WRITES(data, parts, -1, real(fd, data, parts))
}
ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset) {
    REAL(pwrite);
    struct iovec data = {(void *)bytes, count};
    WRITES(&data, 1, offset, real(fd, bytes, count, offset))
}
ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset) {
    return pwrite(fd, bytes, count, offset);
}
ssize_t pwritev(int fd, const struct iovec *data, int parts, off_t offset) {
    REAL(pwritev); WRITES(data, parts, offset, real(fd, data, parts, offset))
}
ssize_t pwritev64(int fd, const struct iovec *data, int parts, off64_t offset) {
    return pwritev(fd, data, parts, offset);
}
/* Callers fall back to read and write, which are recorded. */
ssize_t copy_file_range(int in, off64_t *from, int out, off64_t *to, size_t n, unsigned flags) {
    REAL(copy_file_range);
    if (!tracked(out)) return real(in, from, out, to, n, flags);
    errno = ENOSYS;
    return -1;
}

/* A call on a descriptor that is recorded with figures `x` and `y` if it succeeds. */
#define CALL(what, x, y, call) \
    pthread_mutex_lock(&mutex); \
    int answer = call; \
    ino_t inode = answer == 0 ? tracked(fd) : 0; \
    if (inode) { \
        struct event event = {what, 0, inode, (uint64_t)(x), (uint64_t)(y), 0}; \
        record(event, NULL, NULL, 0); \
    } \
    pthread_mutex_unlock(&mutex); \
    return answer;

int ftruncate(int fd, off_t length) { REAL(ftruncate); CALL(TRUNCATE, length, 0, real(fd, length)) }
int ftruncate64(int fd, off64_t length) { return ftruncate(fd, length); }
int fallocate(int fd, int mode, off_t offset, off_t length) {
    REAL(fallocate); CALL(ALLOCATE, offset + length, mode, real(fd, mode, offset, length))
}
int fallocate64(int fd, int mode, off64_t offset, off64_t length) {
    return fallocate(fd, mode, offset, length);
}
int posix_fallocate(int fd, off_t offset, off_t length) {
    REAL(posix_fallocate); CALL(ALLOCATE, offset + length, 0, real(fd, offset, length))
}
int posix_fallocate64(int fd, off64_t offset, off64_t length) {
    return posix_fallocate(fd, offset, length);
}
int fsync(int fd) { REAL(fsync); CALL(SYNC, 0, 0, real(fd)) }
int fdatasync(int fd) { REAL(fdatasync); CALL(SYNC, 0, 0, real(fd)) }
int sync_file_range(int fd, off64_t offset, off64_t length, unsigned flags) {
    REAL(sync_file_range); CALL(SYNC_RANGE, 0, 0, real(fd, offset, length, flags))
}

#define MOVES(kind, at, old, to_at, new, call) \
    char from[PATH_MAX * 2 + 1], to[PATH_MAX]; \
    pthread_mutex_lock(&mutex); \
    int below = resolve(at, old, from) & resolve(to_at, new, to); \
    int answer = call; \
    if (below && answer == 0) { \
        struct event event = {kind, (uint32_t)(strlen(from) + 1 + strlen(to)), 0, 0, 0, 0}; \
        strcpy(from + strlen(from) + 1, to); \
        record(event, from, NULL, 0); \
    } \
    pthread_mutex_unlock(&mutex); \
    return answer;
#define RENAMES(at, old, to_at, new, call) MOVES(RENAME, at, old, to_at, new, call)

int link(const char *old, const char *new) {
    REAL(link); MOVES(LINK, AT_FDCWD, old, AT_FDCWD, new, real(old, new))
}
int linkat(int at, const char *old, int to_at, const char *new, int flags) {
    REAL(linkat); MOVES(LINK, at, old, to_at, new, real(at, old, to_at, new, flags))
}
int rename(const char *old, const char *new) {
    REAL(rename); RENAMES(AT_FDCWD, old, AT_FDCWD, new, real(old, new))
}
int renameat(int at, const char *old, int to_at, const char *new) {
    REAL(renameat); RENAMES(at, old, to_at, new, real(at, old, to_at, new))
}
int renameat2(int at, const char *old, int to_at, const char *new, unsigned flags) {
    REAL(renameat2); RENAMES(at, old, to_at, new, real(at, old, to_at, new, flags))
}

#define REMOVES(at, path, call) \
    char full[PATH_MAX]; \
    struct stat found = {0}; \
    pthread_mutex_lock(&mutex); \
    int below = resolve(at, path, full) && lstat(full, &found) == 0; \
    int answer = call; \
    if (below && answer == 0) { \
        record_path(UNLINK, found.st_ino, 0, full); \
        forget(found.st_ino); \
    } \
    pthread_mutex_unlock(&mutex); \
    return answer;

int unlink(const char *path) { REAL(unlink); REMOVES(AT_FDCWD, path, real(path)) }
int rmdir(const char *path) { REAL(rmdir); REMOVES(AT_FDCWD, path, real(path)) }
int unlinkat(int at, const char *path, int flags) {
    REAL(unlinkat); REMOVES(at, path, real(at, path, flags))
}

int mkdir(const char *path, mode_t mode) {
    REAL(mkdir);
    char full[PATH_MAX];
    struct stat found;
    pthread_mutex_lock(&mutex);
    int below = resolve(AT_FDCWD, path, full);
    int answer = real(path, mode);
    if (below && answer == 0 && stat(full, &found) == 0)
        record_path(MKDIR, found.st_ino, 1, full);
    pthread_mutex_unlock(&mutex);
    return answer;
}
