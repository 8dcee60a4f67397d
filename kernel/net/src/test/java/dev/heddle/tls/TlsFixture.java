package dev.heddle.tls;

import dev.heddle.Heddle;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MemoryStreams;
import dev.heddle.io.TlsException;
import dev.heddle.io.TruncatedException;

/** Certificates for all tests of TLS, and connected pairs. */
final class TlsFixture {

    static final TlsIdentity SERVER = TlsIdentity.selfSigned("localhost", "a.example", "*.wild.example", "127.0.0.1",
            "::1");
    static final TlsIdentity OTHER = TlsIdentity.selfSigned("other.example");
    static final TlsIdentity AUTHORITY = CertificateMaker.authority("Test Authority").selfSigned();

    /** Trusts {@link #SERVER} and no one else. */
    static final ClientTls CLIENT_TLS = ClientTls.DEFAULT.withTrust(TlsTrust.of(SERVER.certificate()));

    static final ServerTls SERVER_TLS = ServerTls.of(SERVER);

    private TlsFixture() {}

    /** Shakes hands over a pair, both sides at once. */
    static MemoryStreams.Pair secure(MemoryStreams.Pair plain, ClientTls client, ServerTls server) {
        var streams = Heddle.gather(
                () -> Tls.upgradeClient(plain.left(), "localhost", client),
                () -> Tls.upgradeServer(plain.right(), server));
        return new MemoryStreams.Pair(streams.get(0), streams.get(1));
    }

    static MemoryStreams.Pair secure() {
        return secure(MemoryStreams.pair(), CLIENT_TLS, SERVER_TLS);
    }

    static MemoryStreams.Pair secure(TlsVersion version) {
        return secure(MemoryStreams.pair(), CLIENT_TLS.withVersions(version), SERVER_TLS);
    }

    /** What a client hears from a server, when at least one of them refuses the other. */
    static TlsException refusal(String host, ClientTls client, ServerTls server) {
        return failures(host, client, server).client();
    }

    /**
     * @param client what the client's first read hears
     * @param server what the server's first read hears
     */
    record Failures(TlsException client, TlsException server) {}

    static Failures failures(String host, ClientTls client, ServerTls server) {
        return Heddle.run(() -> {
            MemoryStreams.Pair plain = MemoryStreams.pair();
            var answers = Heddle.<TlsException>gather(
                    () -> failure(() -> Tls.upgradeClient(plain.left(), host, client)),
                    () -> failure(() -> Tls.upgradeServer(plain.right(), server)));
            return new Failures(answers.get(0), answers.get(1));
        });
    }

    /** A way to a stream. */
    interface Opening {
        ByteStream open();
    }

    private static TlsException failure(Opening opening) {
        try (ByteStream stream = opening.open()) {
            int read = stream.read(new byte[1]);
            return new TlsException("no failure, but read " + read);
        } catch (TlsException e) {
            return e;
        } catch (TruncatedException e) {
            return new TlsException(e.getMessage(), e);
        }
    }

    /** What both sides of a connection have agreed on. */
    record Agreed(TlsSession client, TlsSession server) {}

    static Agreed agreed(String host, ClientTls client, ServerTls server) {
        return Heddle.run(() -> {
            MemoryStreams.Pair plain = MemoryStreams.pair();
            var sessions = Heddle.<TlsSession>gather(
                    () -> exchanged(Tls.upgradeClient(plain.left(), host, client)),
                    () -> exchanged(Tls.upgradeServer(plain.right(), server)));
            awaitTick();
            return new Agreed(sessions.get(0), sessions.get(1));
        });
    }

    /** The age of sessions is known in milliseconds: the next one must not begin in the same. */
    static void awaitTick() {
        long before = System.currentTimeMillis();
        while (System.currentTimeMillis() == before) {
            Thread.onSpinWait();
        }
    }

    private static TlsSession exchanged(ByteStream opened) {
        try (ByteStream stream = opened) {
            stream.write("x");
            stream.readExactly(1);
            return Tls.session(stream).orElseThrow();
        }
    }
}
