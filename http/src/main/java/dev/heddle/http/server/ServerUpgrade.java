package dev.heddle.http.server;

import dev.heddle.http.internal.codec.OutBuffer;
import java.nio.charset.StandardCharsets;

/** The upgrade of a connection: sends the head of a 101, after which the connection is no longer HTTP. */
final class ServerUpgrade {

    private static final byte[] START = "HTTP/1.1 101 Switching Protocols\r\n".getBytes(StandardCharsets.US_ASCII);

    private ServerUpgrade() {}

    static void sendHead(ServerLoop run, Http1ServerConnection connection, Response response) {
        connection.timed().flush();
        OutBuffer out = run.takeBuffer();
        try {
            out.put(START);
            response.headers().forEach((name, value) -> out.put(name).put(": ").put(value).put("\r\n"));
            connection.timed().write(out.put("\r\n").view());
        } finally {
            run.giveBuffer(out);
        }
    }
}
