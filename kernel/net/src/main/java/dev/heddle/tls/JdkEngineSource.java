package dev.heddle.tls;

import dev.heddle.tls.internal.TlsEngine;
import dev.heddle.tls.internal.TlsEngineSource;
import dev.heddle.tls.internal.TlsPeer;
import dev.heddle.tls.internal.TlsTerms;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.StandardConstants;

/** The maker of the JDK's engines out of one of its contexts. */
final class JdkEngineSource implements TlsEngineSource {

    private final SSLContext context;

    JdkEngineSource(SSLContext context) {
        this.context = context;
    }

    @Override
    public void prepare(TlsTerms terms) {
        // Each engine is given its terms.
    }

    @Override
    public TlsEngine engine(TlsTerms terms, TlsPeer peer) {
        SSLEngine engine = peer.host() == null
                ? context.createSSLEngine()
                : context.createSSLEngine(peer.host(), peer.port());
        engine.setUseClientMode(!terms.server());
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(terms.versions().toArray(String[]::new));
        if (!terms.cipherSuites().isEmpty()) {
            parameters.setCipherSuites(terms.cipherSuites().toArray(String[]::new));
        }
        parameters.setApplicationProtocols(terms.protocols().toArray(String[]::new));
        if (!terms.groups().isEmpty()) {
            parameters.setNamedGroups(terms.groups().toArray(String[]::new));
        }
        if (terms.server()) {
            applyToServer(terms, parameters);
        } else {
            applyToClient(terms, peer, parameters);
        }
        engine.setSSLParameters(parameters);
        return new JdkTlsEngine(engine);
    }

    private static void applyToServer(TlsTerms terms, SSLParameters parameters) {
        parameters.setUseCipherSuitesOrder(true);
        parameters.setSNIMatchers(
                List.of(terms.knownNames() == null ? new AnyName() : new KnownNames(terms.knownNames())));
        switch (terms.clients()) {
            case UNKNOWN -> parameters.setNeedClientAuth(false);
            case WANTED -> parameters.setWantClientAuth(true);
            case NEEDED -> parameters.setNeedClientAuth(true);
        }
    }

    private static void applyToClient(TlsTerms terms, TlsPeer peer, SSLParameters parameters) {
        if (terms.hostChecked()) {
            // RFC 9525 in all but the name: one left-most wildcard, addresses by address entries.
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        parameters.setServerNames(
                peer.serverName().isEmpty() ? List.of() : List.of(new SNIHostName(peer.serverName())));
    }

    /**
     * Takes every name. The JDK keeps a name that was matched with the session, and resumes none under another (RFC
     * 8446, section 4.6.1): who has spoken to one name has not seen the certificate of the other.
     */
    private static final class AnyName extends SNIMatcher {

        AnyName() {
            super(StandardConstants.SNI_HOST_NAME);
        }

        @Override
        public boolean matches(SNIServerName name) {
            return true;
        }
    }
}
