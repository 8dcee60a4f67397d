package dev.heddle.bench;

import dev.heddle.Loop;
import dev.heddle.engine.ListenOptions;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Listener;
import dev.heddle.net.ServeOptions;
import dev.heddle.net.Tcp;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.Tls;
import dev.heddle.tls.TlsIdentity;
import dev.heddle.tls.TlsVersion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.List;

/** Heddle's echo server: a task for each connection, written as users write it. */
final class EchoHeddle {

    private static final int MAX_CONNECTIONS = 1_000_000;

    private EchoHeddle() {}

    /**
     * Starts it.
     *
     * @param loops how many loops share the port, at least 1
     */
    static EchoMain.Ready start(int loops) {
        Loop loop = Loop.start(Loops.PATIENT);
        Listener first = listen(loop, 0, loops > 1);
        for (int i = 1; i < loops; i++) {
            listen(Loop.start(Loops.PATIENT), first.port(), true);
        }
        return new EchoMain.Ready(first.port(), loop.engine().name());
    }

    /** Starts one with TLS, on one loop. */
    static EchoMain.Ready startTls() throws IOException, GeneralSecurityException {
        TlsCertificate certificate = TlsCertificate.load();
        ServerTls tls = ServerTls.of(TlsIdentity.of(certificate.key(), certificate.certificate()))
                .withVersions(TlsVersion.TLS_1_3)
                .withCipherSuites(List.of(TlsCertificate.CIPHER_SUITE));
        ListenOptions options = ListenOptions.DEFAULT.withBacklog(EchoMain.BACKLOG);
        Loop loop = Loop.start(Loops.PATIENT);
        Listener listener = loop.spawn(() -> Tls.listen("127.0.0.1", 0, tls, options)).join();
        serve(loop, listener);
        return new EchoMain.Ready(listener.port(), loop.engine().name());
    }

    private static Listener listen(Loop loop, int port, boolean shared) {
        ListenOptions options = ListenOptions.DEFAULT.withBacklog(EchoMain.BACKLOG).withReusePort(shared);
        Listener listener = loop.spawn(() -> Tcp.listen("127.0.0.1", port, options)).join();
        serve(loop, listener);
        return listener;
    }

    private static void serve(Loop loop, Listener listener) {
        loop.spawn(() -> listener.serve(ServeOptions.DEFAULT.withMaxConnections(MAX_CONNECTIONS), EchoHeddle::echo));
    }

    private static void echo(ByteStream stream) {
        for (ByteBuffer bytes = stream.fill(); bytes.hasRemaining(); bytes = stream.fill()) {
            stream.write(bytes);
        }
    }
}
