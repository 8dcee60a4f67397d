package dev.heddle.http.client;

/**
 * The statistics of a client's pools, on all loops together: what they hold now and have done so far.
 *
 * @param connections connections open or being opened, idle ones too
 * @param idle connections that wait for a request
 * @param waiting requests that wait for a connection
 * @param opened connections that were opened or tried, ever
 * @param reused requests that went over a connection made for another, ever
 */
public record ClientStatistics(int connections, int idle, int waiting, long opened, long reused) {

    static final ClientStatistics NONE = new ClientStatistics(0, 0, 0, 0, 0);

    ClientStatistics plus(ClientStatistics other) {
        return new ClientStatistics(
                connections + other.connections, idle + other.idle, waiting + other.waiting, opened + other.opened,
                reused + other.reused);
    }
}
