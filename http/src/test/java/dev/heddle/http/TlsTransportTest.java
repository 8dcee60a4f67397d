package dev.heddle.http;

import dev.heddle.Action;
import dev.heddle.Heddle;
import dev.heddle.conformance.TransportContract;
import dev.heddle.net.MemoryStreams;
import dev.heddle.sim.Sim;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The contract of transports, over TLS. */
final class TlsTransportTest extends TransportContract {

    @TempDir
    static Path directory;

    private static KeyStore key;

    @BeforeAll
    static void makeKey() {
        key = new TlsKeys(directory).selfSigned("peer");
    }

    @Override
    protected void run(Action body) {
        Sim.run(1, body);
    }

    @Override
    protected Ends connect() {
        MemoryStreams.Pair pair = MemoryStreams.pair();
        var buffers = new TlsBuffers();
        var client = new TlsTransport(pair.left().transport(), engine(true), buffers);
        var server = new TlsTransport(pair.right().transport(), engine(false), buffers);
        Heddle.gather(client::handshake, server::handshake);
        return new Ends(client, server);
    }

    private static SSLEngine engine(boolean client) {
        SSLEngine engine = (client ? TlsKeys.context(null, key) : TlsKeys.context(key)).createSSLEngine("localhost", 1);
        engine.setUseClientMode(client);
        return engine;
    }
}
