/*
 * A slow link: carries IP packets between two TUN devices, each after the same delay. For bench/link.py, on kernels without
 * sch_netem; in C, since a measure should be of the program and not of its link.
 *
 *     link DEVICE DEVICE
 *
 * DEVICE: the number of an open, non-blocking descriptor of a TUN device. Each line of standard input is the delay of every
 * packet that comes from now on, one way, in microseconds (0 to 10,000,000); what is answered is how many packets were taken
 * since the line before. Ends with standard input.
 */
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Packets under way in one direction: more are left to the device's own queue. Packets taken before the others have their turn. */
enum { UNDER_WAY = 16384, TURN = 64, PACKET_BYTES = 1500, LINE_BYTES = 32, MOST_US = 10000000 };
static const int64_t SECOND_NS = 1000000000;

struct packet {
	int64_t due_ns;
	size_t length;
	uint8_t bytes[PACKET_BYTES];
};

/* One direction: a ring, the first packet is due first. */
struct way {
	int from, to;
	unsigned first, count;
	struct packet packets[UNDER_WAY];
};

static struct way ways[2];
static int64_t delay_ns;
static unsigned long taken;

static int64_t now_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * SECOND_NS + now.tv_nsec;
}

static void take(struct way *way)
{
	for (int i = 0; i < TURN && way->count < UNDER_WAY; i++) {
		struct packet *packet = &way->packets[(way->first + way->count) % UNDER_WAY];
		ssize_t length = read(way->from, packet->bytes, sizeof packet->bytes);
		if (length <= 0)
			return;
		packet->length = (size_t)length;
		packet->due_ns = now_ns() + delay_ns;
		way->count++;
		taken++;
	}
}

/* A packet that the device does not take is lost, as on any link. */
static void give(struct way *way, int64_t now)
{
	for (; way->count > 0 && way->packets[way->first].due_ns <= now; way->count--) {
		const struct packet *packet = &way->packets[way->first];
		if (write(way->to, packet->bytes, packet->length) < 0)
			perror("link: a packet is lost");
		way->first = (way->first + 1) % UNDER_WAY;
	}
}

/* When the next packet is due; NULL: none is under way. */
static const struct timespec *patience(struct timespec *left)
{
	int64_t due = INT64_MAX;
	for (int i = 0; i < 2; i++)
		if (ways[i].count > 0 && ways[i].packets[ways[i].first].due_ns < due)
			due = ways[i].packets[ways[i].first].due_ns;
	if (due == INT64_MAX)
		return NULL;
	int64_t wait = due - now_ns();
	*left = (struct timespec){wait > 0 ? wait / SECOND_NS : 0, wait > 0 ? wait % SECOND_NS : 0};
	return left;
}

/* One line a read: our side waits for the answer before it writes the next. False at the end. */
static bool obey(void)
{
	char line[LINE_BYTES + 1];
	ssize_t length = read(STDIN_FILENO, line, LINE_BYTES);
	if (length <= 0)
		return false;
	line[length] = '\0';
	long delay_us = strtol(line, NULL, 10);
	if (delay_us < 0 || delay_us > MOST_US)
		return false;
	delay_ns = delay_us * 1000;
	printf("%lu\n", taken);
	fflush(stdout);
	taken = 0;
	return true;
}

int main(int argc, char **argv)
{
	if (argc != 3)
		return 3;
	ways[0].from = ways[1].to = atoi(argv[1]);
	ways[1].from = ways[0].to = atoi(argv[2]);
	struct pollfd watched[] = {{ways[0].from, POLLIN, 0}, {ways[1].from, POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}};
	for (;;) {
		struct timespec left;
		if (ppoll(watched, 3, patience(&left), NULL) > 0 && watched[2].revents != 0 && !obey())
			return 0;
		for (int i = 0; i < 2; i++) {
			take(&ways[i]);
			give(&ways[i], now_ns());
		}
	}
}
