/* Fails the n-th call of one kind about files whose path contains a text, once; preloaded by a test.
 *
 * faulty_begin(kind, path, n) starts counting from 1; kind is "open", "read", "write", "sync", "rename", "memory"
 * (an allocation of 64 KiB or more, whatever the path) or "accept" (a connection). The path of a connection is
 * "socket:[number]". faulty_calls() says how many calls there were,
 * and faulty_end() lets every further one be.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

static char wanted[16], path[4096];
static long at = 0, calls = 0;

void faulty_begin(const char *kind, const char *text, long n) {
  snprintf(wanted, sizeof wanted, "%s", kind);
  snprintf(path, sizeof path, "%s", text);
  at = n;
  calls = 0;
}

void faulty_end(void) { at = 0; }

long faulty_calls(void) { return calls; }

static int counts(const char *kind, const char *found, int number) {
  if (at == 0 || strcmp(wanted, kind) != 0) return 0;
  if (found != NULL && strstr(found, path) == NULL) return 0;
  if (++calls != at) return 0;
  errno = number;
  return 1;
}

static int fails(int fd, const char *kind) {
  char link[64], found[4096];
  if (at == 0 || strcmp(wanted, kind) != 0) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, found, sizeof found - 1);
  if (length <= 0) return 0;
  found[length] = 0;
  return counts(kind, found, EIO);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t pwrite(int fd, const void *data, size_t size, off_t from) {
  return fails(fd, "write") ? -1 : REAL(pwrite)(fd, data, size, from);
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t from) {
  return fails(fd, "write") ? -1 : REAL(pwrite64)(fd, data, size, from);
}

ssize_t write(int fd, const void *data, size_t size) {
  return fails(fd, "write") ? -1 : REAL(write)(fd, data, size);
}

int fsync(int fd) { return fails(fd, "sync") ? -1 : REAL(fsync)(fd); }

int fdatasync(int fd) { return fails(fd, "sync") ? -1 : REAL(fdatasync)(fd); }

ssize_t writev(int fd, const struct iovec *parts, int count) {
  return fails(fd, "write") ? -1 : REAL(writev)(fd, parts, count);
}

int accept4(int fd, struct sockaddr *address, socklen_t *length, int flags) {
  return counts("accept", NULL, EMFILE) ? -1 : REAL(accept4)(fd, address, length, flags);
}

ssize_t read(int fd, void *data, size_t size) { return fails(fd, "read") ? -1 : REAL(read)(fd, data, size); }

ssize_t pread64(int fd, void *data, size_t size, off64_t from) {
  return fails(fd, "read") ? -1 : REAL(pread64)(fd, data, size, from);
}

#define OPEN(name)                                                               \
  int name(const char *at, int flags, ...) {                                     \
    mode_t mode = 0;                                                             \
    if (flags & (O_CREAT | O_TMPFILE)) {                                         \
      va_list more;                                                              \
      va_start(more, flags);                                                     \
      mode = va_arg(more, mode_t);                                               \
      va_end(more);                                                              \
    }                                                                            \
    return counts("open", at, EMFILE) ? -1 : REAL(name)(at, flags, mode);        \
  }

OPEN(open)
OPEN(open64)

int rename(const char *from, const char *to) {
  return counts("rename", to, EIO) ? -1 : REAL(rename)(from, to);
}

int renameat2(int one, const char *from, int other, const char *to, unsigned flags) {
  return counts("rename", to, EIO) ? -1 : REAL(renameat2)(one, from, other, to, flags);
}

int link(const char *from, const char *to) { return counts("rename", to, EIO) ? -1 : REAL(link)(from, to); }

int linkat(int one, const char *from, int other, const char *to, int flags) {
  return counts("rename", to, EIO) ? -1 : REAL(linkat)(one, from, other, to, flags);
}

int mkdir(const char *name, mode_t mode) { return counts("open", name, EIO) ? -1 : REAL(mkdir)(name, mode); }

static void *(*real_malloc)(size_t);

void *malloc(size_t size) {
  if (real_malloc == NULL) real_malloc = (void *(*)(size_t))dlsym(RTLD_NEXT, "malloc");
  if (size >= 65536 && counts("memory", NULL, ENOMEM)) return NULL;
  return real_malloc(size);
}
