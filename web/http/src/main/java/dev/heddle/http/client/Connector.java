package dev.heddle.http.client;

import dev.heddle.io.ByteStream;
import dev.heddle.net.ConnectFailedException;

/**
 * The maker of the connections under a client's requests, where TCP is not the way: a Unix socket, a tunnel, a stream
 * in memory for a test.
 *
 * <pre>{@code
 * Connector docker = (host, port) -> host.equals("docker") ? Unix.connect(socket) : Tcp.connect(host, port);
 * try (var http = HttpClient.builder().connector(docker).build()) {
 *     IO.println(http.get("http://docker/version").text());
 * }
 * }</pre>
 *
 * <p>The client does the rest. It puts TLS over the stream for an https URL, and checks the certificate against the
 * name in the URL. It keeps the connection and uses it for later requests of the same scheme, host, port and proxy:
 * so the same host and port must lead to the same server each time. And it counts a connection from before the call
 * until it has closed the stream, so the bounds of {@link ClientLimits} hold.
 *
 * <p>With a {@link Proxy} the host and port are those of the proxy, and what the client says to it goes over the
 * stream. WebSockets go through the connector too.
 *
 * <p>Threads: tasks of all loops that use the client, any number at a time.
 *
 * <p>To test code that is given a connector, hand it one end of {@link dev.heddle.io.MemoryStreams} in a simulation.
 */
@FunctionalInterface
public interface Connector {

    /**
     * Looks the name up and connects. Called in the task that sends the request, and may wait: {@link
     * ClientTimeouts#connect()} is counted by the client, from before the call.
     *
     * <p>The stream is the client's from now on, which closes it. It must belong to the loop of the calling task.
     *
     * <p>Cancellation: a cancelled call must leave no connection. It is cancelled with the request, also when its
     * time is over.
     *
     * @param host a name or an IP address without brackets
     * @param port 1 to 65,535
     * @throws ConnectFailedException if no connection can be made, and the request may be tried again by its {@link
     *     RetryPolicy}; what else is thrown comes out of {@link ClientRequest#send()} as it is. A failure of Heddle's gets
     *     the request as its subject, so throw a new one for each call
     */
    ByteStream connect(String host, int port);
}
