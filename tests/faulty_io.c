/* Fails the n-th write or sync of the files whose path contains FAULTY_PATH, once; preloaded by a test.
 *
 * FAULTY_KIND is "write" or "sync", FAULTY_N counts from 1. The number of calls so far is written to FAULTY_COUNT.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static long calls = 0;

static int fails(int fd, const char *kind) {
  const char *wanted = getenv("FAULTY_KIND"), *path = getenv("FAULTY_PATH"), *n = getenv("FAULTY_N");
  char link[64], found[4096];
  if (wanted == NULL || path == NULL || n == NULL || strcmp(wanted, kind) != 0) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, found, sizeof found - 1);
  if (length <= 0) return 0;
  found[length] = 0;
  if (strstr(found, path) == NULL) return 0;
  if (++calls != atol(n)) return 0;
  const char *report = getenv("FAULTY_REPORT");
  if (report != NULL) {
    int out = open(report, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (out >= 0) close(out);
  }
  errno = EIO;
  return 1;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t pwrite(int fd, const void *data, size_t size, off_t at) {
  return fails(fd, "write") ? -1 : REAL(pwrite)(fd, data, size, at);
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
  return fails(fd, "write") ? -1 : REAL(pwrite64)(fd, data, size, at);
}

ssize_t write(int fd, const void *data, size_t size) {
  return fails(fd, "write") ? -1 : REAL(write)(fd, data, size);
}

int fsync(int fd) { return fails(fd, "sync") ? -1 : REAL(fsync)(fd); }

int fdatasync(int fd) { return fails(fd, "sync") ? -1 : REAL(fdatasync)(fd); }
