package dev.heddle.sim;

import java.time.Duration;

/** The times that a TCP stack chooses by itself; those of Linux as shipped (tcp(7)). */
final class TcpTimes {

    /** The first wait before a lost segment is sent again. */
    static final long RETRANSMIT_NANOS = Duration.ofMillis(200).toNanos();

    /** Each further wait is twice as long, up to this. */
    static final long MAX_RETRANSMIT_NANOS = Duration.ofMinutes(2).toNanos();

    /** How long a segment is tried before the connection is given up: {@code tcp_retries2} of 15. */
    static final long GIVE_UP_NANOS = Duration.ofMillis(924_600).toNanos();

    /** The first wait before an attempt to connect is sent again; each further one is twice as long. */
    static final long CONNECT_RETRY_NANOS = Duration.ofSeconds(1).toNanos();

    /** How long an attempt to connect is tried: {@code tcp_syn_retries} of 6. */
    static final long CONNECT_GIVE_UP_NANOS = Duration.ofSeconds(127).toNanos();

    private TcpTimes() {}
}
