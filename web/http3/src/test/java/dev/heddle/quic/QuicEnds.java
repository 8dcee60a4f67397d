package dev.heddle.quic;

import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.io.ByteStream;
import dev.heddle.tls.TlsAuthority;
import dev.heddle.tls.TlsIdentity;
import java.time.Duration;

/** Both ends of a connection in one loop. */
final class QuicEnds implements AutoCloseable {

    static final TlsAuthority AUTHORITY = TlsAuthority.create("tests", Duration.ofDays(9));
    static final TlsIdentity IDENTITY = AUTHORITY.issue(Duration.ofDays(8), "localhost", "127.0.0.1");
    static final QuicOptions OPTIONS = QuicOptions.DEFAULT.withProtocols("test");

    private final QuicListener listener;
    private final QuicConnection client;
    private final QuicConnection server;

    QuicEnds(QuicOptions options) {
        listener = Quic.listen("127.0.0.1", 0, IDENTITY, options);
        Task<QuicConnection> accepted = Heddle.spawn(listener::accept);
        client = Quic.connect("localhost", listener.port(), AUTHORITY.trust(), options);
        server = accepted.join();
    }

    QuicEnds() {
        this(OPTIONS);
    }

    QuicConnection client() {
        return client;
    }

    QuicConnection server() {
        return server;
    }

    QuicListener listener() {
        return listener;
    }

    /** Both ends of a stream that the client has opened. */
    record Streams(ByteStream client, ByteStream server) {}

    Streams open() {
        ByteStream left = client.open();
        left.write("!");
        ByteStream right = server.accept();
        right.readExactly(1);
        return new Streams(left, right);
    }

    @Override
    public void close() {
        client.close();
        server.close();
        listener.close();
    }
}
