package dev.heddle.tls.openssl;

import dev.heddle.tls.internal.UnmappedException;
import java.security.GeneralSecurityException;
import java.security.Security;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/**
 * The rules that the JVM's settings make for TLS. Those that come with the JDK are kept by the contexts of this package
 * too; of any other only the JDK's engine knows what it means.
 */
final class JvmRules {

    private static final String DISABLED = "jdk.tls.disabledAlgorithms";

    private static final String KEY_LIMITS = "jdk.tls.keyLimits";

    /** System properties that begin so are about the JDK's engine, and the one that asks authorities. */
    private static final List<String> PROPERTIES = List.of("jdk.tls.", "jsse.", "com.sun.net.ssl.checkRevocation");

    /**
     * What is kept: versions, suites and curves are chosen so, and signatures are no weaker at the contexts' security
     * level. Chains are for the JDK's own trust manager.
     */
    private static final Set<String> KEPT = Set.of("sslv3", "tlsv1", "tlsv1.1", "dtlsv1.0", "rc4", "des", "des40_cbc",
            "rc4_40", "md5withrsa", "dh keysize < 1024", "ec keysize < 224", "3des_ede_cbc", "anon", "null", "ecdh",
            "tls_rsa_*", "rsa_pkcs1_sha1 usage handshakesignature", "ecdsa_sha1 usage handshakesignature",
            "dsa_sha1 usage handshakesignature");

    /** As many bytes as engines of this package protect with one key. */
    private static final Set<String> KEPT_LIMITS = Set.of(
            "aes/gcm/nopadding keyupdate 2^37", "chacha20-poly1305 keyupdate 2^37");

    private JvmRules() {}

    /** @throws UnmappedException if there is a rule that is not kept here */
    static void check() throws UnmappedException {
        for (String name : System.getProperties().stringPropertyNames()) {
            if (PROPERTIES.stream().anyMatch(name::startsWith)) {
                throw new UnmappedException(name + " is a setting of the JDK's");
            }
        }
        String disabled = Security.getProperty(DISABLED);
        check(disabled == null ? "" : disabled);
        String limits = Security.getProperty(KEY_LIMITS);
        checkKeyLimits(limits == null ? "" : limits);
    }

    /** @param disabled the value of {@code jdk.tls.disabledAlgorithms} */
    static void check(String disabled) throws UnmappedException {
        check(DISABLED, disabled, KEPT);
    }

    /** @param limits the value of {@code jdk.tls.keyLimits} */
    static void checkKeyLimits(String limits) throws UnmappedException {
        check(KEY_LIMITS, limits, KEPT_LIMITS);
    }

    private static void check(String setting, String rules, Set<String> kept) throws UnmappedException {
        for (String rule : rules.split(",", -1)) {
            String plain = rule.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
            if (!plain.isEmpty() && !kept.contains(plain)) {
                throw new UnmappedException(setting + " has the rule " + rule.strip());
            }
        }
    }

    /** The cipher suites that the JVM allows, the best first. */
    static List<String> cipherSuites() throws UnmappedException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            // Nothing is trusted, so that no file is read.
            context.init(null, new TrustManager[0], null);
            return List.of(context.getDefaultSSLParameters().getCipherSuites());
        } catch (GeneralSecurityException e) {
            throw new UnmappedException("the JVM has no TLS of its own: " + e.getMessage());
        }
    }
}
