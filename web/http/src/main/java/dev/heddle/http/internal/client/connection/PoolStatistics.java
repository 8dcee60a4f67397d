package dev.heddle.http.internal.client.connection;

/** The statistics of a pool, or of one of its hosts, at one moment. */
public record PoolStatistics(int connections, int idle, int waiting, long opened, long reused) {

    public static final PoolStatistics NONE = new PoolStatistics(0, 0, 0, 0, 0);

    public PoolStatistics plus(PoolStatistics other) {
        return new PoolStatistics(
                connections + other.connections, idle + other.idle, waiting + other.waiting, opened + other.opened,
                reused + other.reused);
    }

    /** What counts on when the pool is gone. */
    public PoolStatistics ended() {
        return new PoolStatistics(0, 0, 0, opened, reused);
    }
}
