package dev.heddle.quic.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.io.ByteStream;
import dev.heddle.quic.Quic;
import dev.heddle.quic.QuicConnection;
import dev.heddle.quic.QuicListener;
import dev.heddle.quic.QuicOptions;
import dev.heddle.tls.TlsAuthority;
import dev.heddle.tls.TlsTrust;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the clients of a loop load once. */
final class ClientConfigsTest {

    private static final TlsAuthority AUTHORITY = TlsAuthority.create("tests", Duration.ofDays(9));

    private static final TlsTrust TRUST = AUTHORITY.trust();

    private static ConnectionTerms terms(int streams) {
        return new ConnectionTerms(List.of("test"), Duration.ofSeconds(20), Duration.ofSeconds(10), streams, 16,
                256 * 1024, 1024 * 1024, 0, 1, 1, ApplicationCodes.NONE, null);
    }

    @Test
    void sameTermsAndTrustAreLoadedOnce() {
        Heddle.run(() -> {
            QuicheConfig first = ClientConfigs.get(terms(1), TRUST);
            assertNotSame(first, ClientConfigs.get(terms(2), TRUST));
            assertSame(first, ClientConfigs.get(terms(1), TRUST));
        });
    }

    @Test
    void allThatAskAtOnceGetTheSame() {
        Heddle.run(() -> {
            Set<QuicheConfig> got = new HashSet<>(
                    Heddle.map(Collections.nCopies(50, terms(1)), 50,
                            each -> ClientConfigs.get(each, TlsTrust.system())));
            assertEquals(1, got.size());
        });
    }

    @Test
    void oneThatIsCancelledLeavesTheOthersTheirs() {
        Heddle.run(() -> {
            Task<QuicheConfig> cancelled = Heddle.spawn(() -> ClientConfigs.get(terms(1), TlsTrust.system()));
            Task<QuicheConfig> other = Heddle.spawn(() -> ClientConfigs.get(terms(1), TlsTrust.system()));
            Heddle.checkpoint();
            cancelled.cancel("a test");
            assertSame(other.join(), ClientConfigs.get(terms(1), TlsTrust.system()));
        });
    }

    /** As a worker thread is whose task is cancelled. */
    @Test
    void interruptSpoilsNothing() {
        Thread.currentThread().interrupt();
        try (var config = new QuicheConfig(terms(1), null, TRUST.pem(), null)) {
            assertNotEquals(0, config.address());
        }
        assertTrue(Thread.interrupted());
    }

    @Test
    void connectionOutlivesItsConfiguration() {
        Heddle.run(() -> {
            QuicOptions options = QuicOptions.DEFAULT.withProtocols("test");
            QuicListener listener = Quic.listen("127.0.0.1", 0, AUTHORITY.issue(Duration.ofDays(1), "localhost"),
                    options);
            Task<QuicConnection> accepted = Heddle.spawn(listener::accept);
            try (QuicConnection client = Quic.connect("localhost", listener.port(), TRUST, options)) {
                for (int streams = 1; streams <= 2 * ClientConfigs.MAX; streams++) {
                    ClientConfigs.get(terms(streams), TRUST);
                }
                ByteStream stream = client.open();
                stream.write("hello");
                assertEquals("hello", new String(accepted.join().accept().readExactly(5)));
            }
            listener.close();
        });
    }
}
