package dev.heddle.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.Heddle;
import dev.heddle.io.ByteStream;
import dev.heddle.io.Fixtures;
import dev.heddle.io.MemoryStreams;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Duration;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/** A server of TLS that may break its rules: its engine and the bytes below are open to the test. */
final class RawTls {

    final ByteStream client;
    final ByteStream server;
    final SSLEngine engine;

    /** The server's end without TLS. */
    final ByteStream below;

    private RawTls(ByteStream client, ByteStream server, SSLEngine engine, ByteStream below) {
        this.client = client;
        this.server = server;
        this.engine = engine;
        this.below = below;
    }

    /** A test over a client and a server that have shaken hands. */
    interface Body {
        void run(RawTls raw) throws Exception;
    }

    static void with(TlsVersion version, Body body) {
        Heddle.run(() -> {
            MemoryStreams.Pair plain = MemoryStreams.pair();
            SSLEngine engine = serverEngine(version);
            TlsTransport transport = new TlsTransport(plain.right().transport(), new JdkTlsEngine(engine),
                    Duration.ofSeconds(10));
            var streams = Heddle.<ByteStream>gather(
                    () -> Tls.upgradeClient(plain.left(), "localhost", TlsFixture.CLIENT_TLS.withVersions(version)),
                    () -> {
                        transport.handshake();
                        return new ByteStream(transport);
                    });
            try (ByteStream client = streams.get(0);
                    ByteStream server = streams.get(1);
                    ByteStream below = new ByteStream(plain.right().transport())) {
                body.run(new RawTls(client, server, engine, below));
            }
            Fixtures.letOthersRun();
            assertEquals(0, TlsBuffers.current().borrowed());
        });
    }

    static SSLEngine serverEngine(TlsVersion version) throws GeneralSecurityException {
        SSLContext context = JdkContexts.make(new KeyManager[]{new IdentityKeyManager(TlsFixture.SERVER)}, null);
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setEnabledProtocols(new String[]{version.jdkName()});
        return engine;
    }

    /** A record of its own for some bytes, which is not sent. */
    byte[] record(String text) throws SSLException {
        return record(Fixtures.bytes(text));
    }

    /** The same for any bytes. */
    byte[] record(byte[] plain) throws SSLException {
        ByteBuffer room = ByteBuffer.allocate(TlsBuffers.RECORD_BYTES);
        engine.wrap(ByteBuffer.wrap(plain), room);
        byte[] record = new byte[room.flip().remaining()];
        room.get(record);
        return record;
    }
}
