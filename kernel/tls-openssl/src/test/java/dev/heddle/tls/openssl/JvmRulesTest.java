package dev.heddle.tls.openssl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.tls.internal.UnmappedException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the JVM forbids or sets in TLS is kept, or left to the JDK. */
final class JvmRulesTest {

    @Test
    void rulesOfThisJdkAreKept() throws UnmappedException {
        JvmRules.check();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "secp256r1", "DH keySize < 3072", "TLS_ECDHE_*", "SHA256withRSA", "something"})
    void furtherRuleIsLeftToTheJdk(String rule) {
        var refused = assertThrows(UnmappedException.class, () -> JvmRules.check("SSLv3, TLSv1, " + rule));

        assertEquals("jdk.tls.disabledAlgorithms has the rule " + rule, refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"AES/GCM/NoPadding KeyUpdate 2^20", "ChaCha20-Poly1305 KeyUpdate 1000", "something"})
    void otherLimitOfKeysIsLeftToTheJdk(String limit) {
        var refused = assertThrows(UnmappedException.class,
                () -> JvmRules.checkKeyLimits("AES/GCM/NoPadding KeyUpdate 2^37, " + limit));

        assertEquals("jdk.tls.keyLimits has the rule " + limit, refused.getMessage());
    }

    @Test
    void settingOfTheJdksEngineIsLeftToIt() {
        System.setProperty("jdk.tls.namedGroups", "secp256r1");
        try {
            assertEquals("jdk.tls.namedGroups is a setting of the JDK's",
                    assertThrows(UnmappedException.class, JvmRules::check).getMessage());
        } finally {
            System.clearProperty("jdk.tls.namedGroups");
        }
    }

    @Test
    void suitesThatTheJvmForbidsAreNeverOffered() throws UnmappedException {
        CipherSuites all = CipherSuites.of(List.of(), false);

        assertTrue(all.tls13().contains("TLS_AES_128_GCM_SHA256"), all.tls13());
        assertTrue(all.tls12().contains("ECDHE-ECDSA-AES128-GCM-SHA256"), all.tls12());
        assertFalse(all.tls12().contains("RC4"), all.tls12());
        assertFalse((":" + all.tls12()).contains(":AES"), "the keys of RSA alone: " + all.tls12());
        assertThrows(UnmappedException.class,
                () -> CipherSuites.of(List.of("TLS_RSA_WITH_AES_128_GCM_SHA256"), false));
    }

    @Test
    void serverLeavesFiniteFieldsToTheJdk() throws UnmappedException {
        List<String> finite = List.of("TLS_DHE_RSA_WITH_AES_128_GCM_SHA256");

        assertEquals("DHE-RSA-AES128-GCM-SHA256", CipherSuites.of(finite, false).tls12());
        assertThrows(UnmappedException.class, () -> CipherSuites.of(finite, true));
    }
}
