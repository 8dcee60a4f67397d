package dev.heddle.tls;

import dev.heddle.internal.Checks;
import dev.heddle.tls.internal.TlsTerms;
import dev.heddle.tls.internal.TlsTerms.Clients;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The settings that clients and servers choose alike.
 *
 * @param versions at least one
 * @param cipherSuites in the order of preference; empty for the default
 * @param groups named groups in the order of preference; empty for the default
 * @param protocols application protocols in the order of preference; empty for none
 */
record TlsSettings(List<TlsVersion> versions, List<String> cipherSuites, List<String> groups,
        List<String> protocols, Duration handshakeTimeout) {

    static final TlsSettings DEFAULT = new TlsSettings(List.of(TlsVersion.TLS_1_3, TlsVersion.TLS_1_2), List.of(),
            List.of(), List.of(), Duration.ofSeconds(10));

    /** RFC 7301, section 3.1. */
    private static final int MAX_PROTOCOL_LENGTH = 255;

    TlsSettings withVersions(TlsVersion... versions) {
        if (versions.length == 0) {
            throw new IllegalArgumentException("no version of TLS is named; name one or two");
        }
        return new TlsSettings(List.of(versions), cipherSuites, groups, protocols, handshakeTimeout);
    }

    TlsSettings withCipherSuites(List<String> cipherSuites) {
        return new TlsSettings(versions, List.copyOf(cipherSuites), groups, protocols, handshakeTimeout);
    }

    TlsSettings withGroups(List<String> groups) {
        return new TlsSettings(versions, cipherSuites, List.copyOf(groups), protocols, handshakeTimeout);
    }

    TlsSettings withProtocols(String... protocols) {
        for (String protocol : protocols) {
            if (protocol.isEmpty() || protocol.length() > MAX_PROTOCOL_LENGTH) {
                throw new IllegalArgumentException("an application protocol has " + protocol.length()
                        + " characters, must be 1 to " + MAX_PROTOCOL_LENGTH);
            }
        }
        return new TlsSettings(versions, cipherSuites, groups, List.of(protocols), handshakeTimeout);
    }

    TlsSettings withHandshakeTimeout(Duration handshakeTimeout) {
        Checks.positive("handshakeTimeout", handshakeTimeout);
        return new TlsSettings(versions, cipherSuites, groups, protocols, handshakeTimeout);
    }

    /** What engines are given: these, for the end and with the checks that are named. */
    TlsTerms terms(boolean server, List<String> defaultSuites, List<String> defaultGroups, Clients clients,
            @Nullable Set<String> knownNames, boolean hostChecked) {
        return new TlsTerms(server, versions.stream().map(TlsVersion::jdkName).toList(),
                cipherSuites.isEmpty() ? defaultSuites : cipherSuites,
                groups.isEmpty() ? defaultGroups : groups, protocols, clients, knownNames,
                hostChecked);
    }
}
