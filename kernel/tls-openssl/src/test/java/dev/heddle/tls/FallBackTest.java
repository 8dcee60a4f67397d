package dev.heddle.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.Heddle;
import dev.heddle.tls.internal.TlsCredentials;
import dev.heddle.tls.internal.TlsEngine;
import dev.heddle.tls.internal.TlsKey;
import dev.heddle.tls.internal.TlsPeer;
import dev.heddle.tls.internal.TlsTerms;
import dev.heddle.tls.internal.TlsTerms.Clients;
import java.security.PrivateKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What OpenSSL does not know, the JDK does, and one line of the log says why. */
final class FallBackTest {

    private static final TlsTerms TERMS = terms(List.of());
    private static final String PROPERTY = "heddle.tls";

    private final Logger log = Logger.getLogger("dev.heddle");
    private final List<LogRecord> records = new ArrayList<>();
    private final String asked = System.getProperty(PROPERTY);
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            if (entry.getMessage().contains("does TLS")) { // and not what the watchdog says on a busy machine
                records.add(entry);
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    private static TlsTerms terms(List<String> suites) {
        return new TlsTerms(true, List.of("TLSv1.3"), suites, List.of(), List.of(), Clients.UNKNOWN, null, false);
    }

    @BeforeEach
    void listen() {
        log.setLevel(Level.FINE);
        log.addHandler(handler);
    }

    @AfterEach
    void restore() {
        log.removeHandler(handler);
        log.setLevel(null);
        if (asked != null) {
            System.setProperty(PROPERTY, asked);
        }
    }

    private static TlsContext context(TlsKey key) {
        return new TlsContext(SSLContext::getDefault,
                () -> new TlsCredentials(key, Map.of(), TlsTrust.of(TlsFixture.SERVER.certificate()).manager()));
    }

    private static TlsEngine engine(TlsContext context, TlsTerms terms) {
        return Heddle.run(() -> context.engine(terms, TlsPeer.CLIENT));
    }

    private void assertSaid(Level level, String reason) {
        assertEquals(List.of("The JDK does TLS here and not openssl: " + reason),
                records.stream().map(LogRecord::getMessage).toList());
        assertEquals(level, records.getFirst().getLevel());
    }

    @Test
    void knownKeyIsOpenssls() {
        TlsEngine engine = engine(context(TlsFixture.SERVER.asKey()), TERMS);

        assertEquals("OpenSSL server", engine.toString());
        assertEquals(List.of(), records);
        engine.free();
    }

    @Test
    void contextOfTheJdkIsTheJdks() {
        TlsContext context = Heddle.run(() -> TlsContext.of(SSLContext.getDefault()));

        assertInstanceOf(JdkTlsEngine.class, engine(context, TERMS));
        assertInstanceOf(JdkTlsEngine.class, engine(context, TERMS));

        assertSaid(Level.WARNING, "a context of the JDK decides");
    }

    @Test
    void wordIsLowWhereNobodyAskedForOpenssl() {
        System.clearProperty(PROPERTY);

        engine(Heddle.run(() -> TlsContext.of(SSLContext.getDefault())), TERMS);

        assertSaid(Level.FINE, "a context of the JDK decides");
    }

    @Test
    void keyThatStaysInItsDeviceIsTheJdks() {
        PrivateKey inDevice = new PrivateKey() {
            @Override
            public String getAlgorithm() {
                return "EC";
            }

            @Override
            public String getFormat() {
                return null;
            }

            @Override
            public byte[] getEncoded() {
                return null;
            }
        };
        TlsKey key = new TlsKey(inDevice, TlsFixture.SERVER.chain());

        assertInstanceOf(JdkTlsEngine.class, engine(context(key), TERMS));

        assertSaid(Level.WARNING, "the key of " + key + " does not leave its device");
    }

    @Test
    void suiteThatTheJvmForbidsIsTheJdks() {
        String suite = "TLS_RSA_WITH_AES_128_GCM_SHA256";

        assertInstanceOf(JdkTlsEngine.class, engine(context(TlsFixture.SERVER.asKey()), terms(List.of(suite))));

        assertSaid(Level.WARNING, "the cipher suite " + suite + " is not among those that both know");
    }

    @Test
    void askedForByAnUnknownNameFails() {
        System.setProperty(PROPERTY, "boring");

        var failure = assertThrows(IllegalArgumentException.class, TlsEngines::chosen);

        assertEquals("there is no TLS by boring, which -Dheddle.tls asks for; there are: openssl, jdk",
                failure.getMessage());
    }

    @Test
    void jdkCanBeAskedFor() {
        System.setProperty(PROPERTY, "jdk");

        assertEquals("jdk", TlsEngines.chosen());
        assertInstanceOf(JdkTlsEngine.class, engine(context(TlsFixture.SERVER.asKey()), TERMS));
        assertEquals(List.of(), records);
    }
}
