package dev.heddle.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** The readers of server-sent events: a request says something, and all hear it. */
final class EventsLoad implements AutoCloseable {

    private static final String ASK = "GET " + Site.EVENTS_PATH + " HTTP/1.1\r\nHost: localhost\r\n"
            + "Accept: text/event-stream\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 ";
    private static final int BYTES = 64;

    /** More than a server's socket takes for who reads nothing. */
    private static final int FILLING = 64;

    private static final int FILLING_BYTES = 64 * 1024;
    private static final long SILENCE_MILLIS = 500;

    private final Listeners members;
    private final int port;
    private final int count;
    private final int bytesOfAnEvent;
    private SocketChannel speaker;

    /**
     * Has so many join.
     *
     * @param stalled how many besides, that read nothing, with as much on the way to them as there is room for
     */
    EventsLoad(int port, int count, int stalled) throws IOException {
        this.count = count;
        members = new Listeners(port, ASK, OK);
        this.port = port;
        speaker = connect(port);
        members.joinStalled(stalled);
        for (int i = 0; i < FILLING && stalled > 0; i++) {
            say(FILLING_BYTES);
        }
        members.join(count);
        // Behind the head some send an empty comment.
        members.awaitSilence(SILENCE_MILLIS);
        connectAnew();
        say(BYTES);
        // Chunks have heads of several forms (RFC 9112, section 7.1).
        long bytes = members.awaitSilence(SILENCE_MILLIS);
        bytesOfAnEvent = (int) (bytes / count);
        if (bytesOfAnEvent <= BYTES || bytes % count != 0) {
            throw new IOException("an event of " + BYTES + " bytes for " + count + " has " + bytes);
        }
    }

    private static SocketChannel connect(int port) throws IOException {
        var speaker = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        speaker.setOption(StandardSocketOptions.TCP_NODELAY, true);
        return speaker;
    }

    /** After a pause: servers end a connection on which nothing is asked for some seconds. */
    void connectAnew() throws IOException {
        speaker.close();
        speaker = connect(port);
    }

    private void say(int bytes) throws IOException {
        ByteBuffer request = ByteBuffer.wrap(("POST " + Site.SAY_PATH + " HTTP/1.1\r\nHost: localhost\r\n"
                + "Content-Type: text/plain\r\nContent-Length: " + bytes + "\r\n\r\n" + "x".repeat(bytes))
                .getBytes(US_ASCII));
        while (request.hasRemaining()) {
            speaker.write(request);
        }
        String head = Listeners.head(speaker);
        if (!head.startsWith("HTTP/1.1 204 ")) {
            throw new IOException("nobody hears it: " + head);
        }
    }

    /** Has something said, and returns when all that read have heard it. */
    void speak() throws IOException {
        say(BYTES);
        members.await(bytesOfAnEvent);
    }

    /** How many read. */
    int count() {
        return count;
    }

    @Override
    public void close() throws IOException {
        speaker.close();
        members.close();
    }
}
