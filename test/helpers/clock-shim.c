// Puts the wall clock of a process elsewhere, for LD_PRELOAD: by a fixed number of seconds, or to another one of several every 150 ms.
// PHOTOSEEK_TEST_CLOCK holds the seconds, or the word jumping. The monotonic clock stays what it is.
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const long jumps[] = {0, 3600, -3600, 315360000, -1262304000, 60, -7};

static long shift(void) {
  const char *clock = getenv("PHOTOSEEK_TEST_CLOCK");
  if (clock == NULL) return 0;
  if (strcmp(clock, "jumping") != 0) return atol(clock);
  struct timespec passed;
  syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &passed);
  return jumps[(passed.tv_sec * 1000 + passed.tv_nsec / 1000000) / 150 % 7];
}

int clock_gettime(clockid_t id, struct timespec *time) {
  int result = (int)syscall(SYS_clock_gettime, id, time);
  if (result == 0 && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)) time->tv_sec += shift();
  return result;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
  (void)zone;
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  time->tv_sec = now.tv_sec;
  time->tv_usec = now.tv_nsec / 1000;
  return 0;
}

time_t time(time_t *result) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (result != NULL) *result = now.tv_sec;
  return now.tv_sec;
}
