package dev.heddle.tls.openssl;

import dev.heddle.internal.AsksSystem;
import dev.heddle.tls.internal.TlsPeer;
import java.security.Principal;
import java.security.cert.Certificate;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSessionContext;
import org.jspecify.annotations.Nullable;

/** The session of {@link PeerView}: whom a handshake is with, before anything is agreed on. */
@AsksSystem("sessions of OpenSSL have the system's time")
final class PeerSession extends ExtendedSSLSession {

    /** What the library signs with at the security level of its contexts, by the JDK's names. */
    private static final String[] SIGNATURES = {"SHA256withECDSA", "SHA384withECDSA", "SHA512withECDSA", "Ed25519",
            "Ed448", "EdDSA", "RSASSA-PSS", "SHA256withRSA", "SHA384withRSA", "SHA512withRSA"};

    private static final int PACKET_BYTES = 17 * 1024;
    private static final int APPLICATION_BYTES = 16 * 1024;

    private final TlsPeer peer;
    private final boolean tls13;
    private final long creationMillis = System.currentTimeMillis();

    PeerSession(TlsPeer peer, boolean tls13) {
        this.peer = peer;
        this.tls13 = tls13;
    }

    @Override
    public String[] getLocalSupportedSignatureAlgorithms() {
        return SIGNATURES.clone();
    }

    @Override
    public String[] getPeerSupportedSignatureAlgorithms() {
        return SIGNATURES.clone();
    }

    @Override
    public List<SNIServerName> getRequestedServerNames() {
        return peer.serverName().isEmpty() ? List.of() : List.of(new SNIHostName(peer.serverName()));
    }

    @Override
    public List<byte[]> getStatusResponses() {
        return List.of();
    }

    @Override
    public String getProtocol() {
        return tls13 ? Agreed.TLS_1_3 : Agreed.TLS_1_2;
    }

    @Override
    public @Nullable String getPeerHost() {
        return peer.host();
    }

    @Override
    public int getPeerPort() {
        return peer.port();
    }

    @Override
    public long getCreationTime() {
        return creationMillis;
    }

    @Override
    public long getLastAccessedTime() {
        return creationMillis;
    }

    @Override
    public byte[] getId() {
        return new byte[0];
    }

    @Override
    public @Nullable SSLSessionContext getSessionContext() {
        return null;
    }

    @Override
    public void invalidate() {
        // There is none yet.
    }

    @Override
    public boolean isValid() {
        return false;
    }

    @Override
    public void putValue(String name, Object value) {
        throw new UnsupportedOperationException("this session is a view of a handshake");
    }

    @Override
    public @Nullable Object getValue(String name) {
        return null;
    }

    @Override
    public void removeValue(String name) {
        // There is none.
    }

    @Override
    public String[] getValueNames() {
        return new String[0];
    }

    @Override
    public Certificate[] getPeerCertificates() throws SSLPeerUnverifiedException {
        throw new SSLPeerUnverifiedException("the certificate is being checked");
    }

    @Override
    public Certificate @Nullable [] getLocalCertificates() {
        return null;
    }

    @Override
    public Principal getPeerPrincipal() throws SSLPeerUnverifiedException {
        throw new SSLPeerUnverifiedException("the certificate is being checked");
    }

    @Override
    public @Nullable Principal getLocalPrincipal() {
        return null;
    }

    @Override
    public String getCipherSuite() {
        return "SSL_NULL_WITH_NULL_NULL";
    }

    @Override
    public int getPacketBufferSize() {
        return PACKET_BYTES;
    }

    @Override
    public int getApplicationBufferSize() {
        return APPLICATION_BYTES;
    }
}
