// Duty: the system under load of the benches. One thread, epoll, HTTP/1.1 with keep-alive, constant answers.
// http-target COUNTERS [DELAY_US]: prints the port of 127.0.0.1 that it listens on, then serves until it is ended.
// COUNTERS is a file of little-endian uint64: requests, GETs, POSTs, open connections, bad requests, 3 unused, then how
// many answers took 0-10 us, 10-20 us, ... from the read of the request to the write of the answer (with a delay only).
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { MAX_CONNECTIONS = 32768, INPUT = 8192, EVENTS = 512, BUCKETS = 20000, BUCKET_NS = 10000 };
enum { REQUESTS, GETS, POSTS, OPEN, BAD, HISTOGRAM = 8 };

typedef struct {
  int isOpen;
  uint32_t generation;  // tells this connection from a later one with the same descriptor
  int length;
  char *input;
} Connection;

typedef struct {
  int fd;
  uint32_t generation;
  int isPost;
  uint64_t readAt;
} Pending;

static Connection connections[MAX_CONNECTIONS];
static Pending pending[MAX_CONNECTIONS];  // a ring: with one delay for all, the first in is the first out
static unsigned firstPending, lastPending;
static volatile uint64_t *counters;
static char answers[2][512];
static int answerLengths[2];
static char output[1 << 16];
static uint64_t delay;
static int loop, timer;

static uint64_t now(void) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return (uint64_t)at.tv_sec * 1000000000u + (uint64_t)at.tv_nsec;
}

static void makeAnswer(int isPost, const char *body) {
  answerLengths[isPost] = snprintf(answers[isPost], sizeof answers[isPost],
                                   "HTTP/1.1 200 OK\r\ndate: Sat, 21 Nov 2026 07:00:00 GMT\r\nserver: target\r\n"
                                   "content-length: %zu\r\ncontent-type: application/json\r\n"
                                   "connection: keep-alive\r\n\r\n%s",
                                   strlen(body), body);
}

static void closeConnection(int fd) {
  Connection *connection = &connections[fd];
  free(connection->input);
  connection->isOpen = 0;
  connection->generation++;
  counters[OPEN]--;
  close(fd);
}

static void acceptAll(int listener) {
  for (;;) {
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK), on = 1;
    if (fd < 0) return;
    if (fd >= MAX_CONNECTIONS) {
      close(fd);
      continue;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    connections[fd].isOpen = 1;
    connections[fd].length = 0;
    connections[fd].input = malloc(INPUT);
    counters[OPEN]++;
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    epoll_ctl(loop, EPOLL_CTL_ADD, fd, &event);
  }
}

static void armTimer(uint64_t at) {
  struct itimerspec when = {.it_value = {.tv_sec = (time_t)(at / 1000000000u), .tv_nsec = (long)(at % 1000000000u)}};
  timerfd_settime(timer, TFD_TIMER_ABSTIME, &when, NULL);
}

static void answerLater(int fd, int isPost, uint64_t readAt) {
  if (firstPending == lastPending) armTimer(readAt + delay);
  Pending next = {.fd = fd, .generation = connections[fd].generation, .isPost = isPost, .readAt = readAt};
  pending[lastPending++ % MAX_CONNECTIONS] = next;
}

static void answerDue(void) {
  uint64_t expirations;
  if (read(timer, &expirations, sizeof expirations) < 0) return;
  for (; firstPending != lastPending; firstPending++) {
    Pending *due = &pending[firstPending % MAX_CONNECTIONS];
    uint64_t at = now();
    if (at < due->readAt + delay) {
      armTimer(due->readAt + delay);
      return;
    }
    Connection *connection = &connections[due->fd];
    if (!connection->isOpen || connection->generation != due->generation) continue;
    if (write(due->fd, answers[due->isPost], (size_t)answerLengths[due->isPost]) < 0) closeConnection(due->fd);
    uint64_t bucket = (now() - due->readAt) / BUCKET_NS;
    counters[HISTOGRAM + (bucket < BUCKETS ? bucket : BUCKETS - 1)]++;
  }
}

// The length of the request at the start of `text`, 0 if it is not whole yet, -1 if it is none.
static int requestLength(const char *text, int length) {
  const char *end = memmem(text, (size_t)length, "\r\n\r\n", 4);
  if (end == NULL) return length >= INPUT - 1 ? -1 : 0;
  int head = (int)(end - text) + 4, body = 0;
  if (text[0] == 'P') {
    const char *line = strcasestr(text, "\r\ncontent-length:");
    if (line == NULL || line > end) return -1;
    body = atoi(line + 17);
  } else if (text[0] != 'G') {
    return -1;
  }
  return length < head + body ? 0 : head + body;
}

static void serve(int fd) {
  Connection *connection = &connections[fd];
  ssize_t count = read(fd, connection->input + connection->length, (size_t)(INPUT - 1 - connection->length));
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (count <= 0) {
    closeConnection(fd);
    return;
  }
  uint64_t readAt = delay ? now() : 0;
  connection->length += (int)count;
  connection->input[connection->length] = 0;
  int done = 0, written = 0, length;
  while ((length = requestLength(connection->input + done, connection->length - done)) > 0) {
    int isPost = connection->input[done] == 'P';
    counters[REQUESTS]++;
    counters[isPost ? POSTS : GETS]++;
    if (delay) {
      answerLater(fd, isPost, readAt);
    } else {
      memcpy(output + written, answers[isPost], (size_t)answerLengths[isPost]);
      written += answerLengths[isPost];
    }
    done += length;
    if (done == connection->length || written > (int)sizeof output - 1024) break;
  }
  if (length < 0) {
    counters[BAD]++;
    closeConnection(fd);
    return;
  }
  memmove(connection->input, connection->input + done, (size_t)(connection->length - done));
  connection->length -= done;
  if (written && write(fd, output, (size_t)written) != written) closeConnection(fd);
}

int main(int argc, char **argv) {
  if (argc < 2) return 2;
  signal(SIGPIPE, SIG_IGN);
  prctl(PR_SET_PDEATHSIG, SIGTERM);  // a bench that dies leaves no target behind
  prctl(PR_SET_TIMERSLACK, 1UL);
  delay = argc > 2 ? strtoull(argv[2], NULL, 10) * 1000u : 0;
  size_t size = (HISTOGRAM + BUCKETS) * sizeof(uint64_t);
  int file = open(argv[1], O_RDWR | O_CREAT | O_TRUNC, 0600);
  if (file < 0 || ftruncate(file, (off_t)size)) return 1;
  counters = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  makeAnswer(0, "{\"status\":\"ok\",\"service\":\"classifier\",\"version\":\"1.0.0\",\"model\":\"baseline\",\"uptime\":1234}");
  makeAnswer(1, "{\"category\":3,\"label\":\"science\",\"confidence\":0.9731,\"model\":\"baseline\",\"id\":\"0123456789\"}");
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t addressLength = sizeof address;
  if (bind(listener, (struct sockaddr *)&address, addressLength) || listen(listener, 16384)) return 1;
  getsockname(listener, (struct sockaddr *)&address, &addressLength);
  printf("port %d\n", ntohs(address.sin_port));
  fflush(stdout);
  loop = epoll_create1(0);
  timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
  struct epoll_event event = {.events = EPOLLIN, .data.fd = listener}, events[EVENTS];
  epoll_ctl(loop, EPOLL_CTL_ADD, listener, &event);
  event.data.fd = timer;
  epoll_ctl(loop, EPOLL_CTL_ADD, timer, &event);
  for (;;) {
    int count = epoll_wait(loop, events, EVENTS, -1);
    for (int i = 0; i < count; i++) {
      int fd = events[i].data.fd;
      if (fd == listener) acceptAll(listener);
      else if (fd == timer) answerDue();
      else if (connections[fd].isOpen) serve(fd);
    }
  }
}
