package dev.heddle.tls.openssl;

import dev.heddle.tls.internal.TlsPeer;
import dev.heddle.tls.internal.TlsTerms;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * The view of a handshake that trust managers of the JDK want: whom it is with, and whether the certificate must be for
 * that host. It does nothing.
 */
final class PeerView extends SSLEngine {

    private final PeerSession session;
    private final TlsTerms terms;

    PeerView(TlsPeer peer, TlsTerms terms, boolean tls13) {
        super(peer.host(), peer.port());
        this.session = new PeerSession(peer, tls13);
        this.terms = terms;
    }

    @Override
    public SSLSession getHandshakeSession() {
        return session;
    }

    @Override
    public SSLSession getSession() {
        return session;
    }

    @Override
    public SSLParameters getSSLParameters() {
        SSLParameters parameters = new SSLParameters();
        if (terms.hostChecked()) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        return parameters;
    }

    @Override
    public boolean getUseClientMode() {
        return !terms.server();
    }

    @Override
    public HandshakeStatus getHandshakeStatus() {
        return HandshakeStatus.NEED_TASK;
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return new String[0];
    }

    @Override
    public String[] getEnabledCipherSuites() {
        return new String[0];
    }

    @Override
    public String[] getSupportedProtocols() {
        return new String[]{session.getProtocol()};
    }

    @Override
    public String[] getEnabledProtocols() {
        return new String[]{session.getProtocol()};
    }

    @Override
    public boolean getNeedClientAuth() {
        return false;
    }

    @Override
    public boolean getWantClientAuth() {
        return false;
    }

    @Override
    public boolean getEnableSessionCreation() {
        return true;
    }

    @Override
    public boolean isInboundDone() {
        return false;
    }

    @Override
    public boolean isOutboundDone() {
        return false;
    }

    @Override
    public @Nullable Runnable getDelegatedTask() {
        return null;
    }

    private static UnsupportedOperationException viewOnly() {
        return new UnsupportedOperationException("this engine is a view of a handshake");
    }

    @Override
    public void beginHandshake() {
        throw viewOnly();
    }

    @Override
    public void closeInbound() {
        throw viewOnly();
    }

    @Override
    public void closeOutbound() {
        throw viewOnly();
    }

    @Override
    public SSLEngineResult wrap(ByteBuffer[] sources, int offset, int length, ByteBuffer target) {
        throw viewOnly();
    }

    @Override
    public SSLEngineResult unwrap(ByteBuffer source, ByteBuffer[] targets, int offset, int length) {
        throw viewOnly();
    }

    @Override
    public void setEnabledCipherSuites(String[] suites) {
        throw viewOnly();
    }

    @Override
    public void setEnabledProtocols(String[] protocols) {
        throw viewOnly();
    }

    @Override
    public void setUseClientMode(boolean mode) {
        throw viewOnly();
    }

    @Override
    public void setNeedClientAuth(boolean need) {
        throw viewOnly();
    }

    @Override
    public void setWantClientAuth(boolean want) {
        throw viewOnly();
    }

    @Override
    public void setEnableSessionCreation(boolean flag) {
        throw viewOnly();
    }
}
