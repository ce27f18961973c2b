/* Fails the n-th write or sync of the files whose path contains a text, once; preloaded by a test.
 *
 * faulty_begin(kind, path, n) starts counting from 1; kind is "write" or "sync". faulty_calls() says how many calls
 * there were.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char wanted[16], path[4096];
static long at = 0, calls = 0;

void faulty_begin(const char *kind, const char *text, long n) {
  snprintf(wanted, sizeof wanted, "%s", kind);
  snprintf(path, sizeof path, "%s", text);
  at = n;
  calls = 0;
}

long faulty_calls(void) { return calls; }

static int fails(int fd, const char *kind) {
  char link[64], found[4096];
  if (at == 0 || strcmp(wanted, kind) != 0) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, found, sizeof found - 1);
  if (length <= 0) return 0;
  found[length] = 0;
  if (strstr(found, path) == NULL || ++calls != at) return 0;
  errno = EIO;
  return 1;
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
