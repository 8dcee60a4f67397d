package dev.heddle.tls;

import dev.heddle.internal.AsksSystem;
import dev.heddle.tls.internal.TlsAgreement;
import dev.heddle.tls.internal.TlsEngine;
import java.nio.ByteBuffer;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** The JDK's engine. */
@AsksSystem("sessions of the JDK have the system's time")
final class JdkTlsEngine implements TlsEngine {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SSLEngine engine;

    /**
     * The room of a record's reader, and a byte that is never filled: the JDK asks for room for the type of a record's
     * bytes as well, which it then keeps.
     */
    private final ByteBuffer[] rooms = {NOTHING, ByteBuffer.allocate(1)};

    private long beganMillis;

    /** As the last step left it, since asking the engine takes its lock. */
    private HandshakeStatus status = HandshakeStatus.NOT_HANDSHAKING;

    /** @param engine set up for the role of this side */
    JdkTlsEngine(SSLEngine engine) {
        this.engine = engine;
    }

    @Override
    public void begin() throws SSLException {
        // The system's clock, since the JDK stamps its sessions by it.
        beganMillis = System.currentTimeMillis();
        engine.beginHandshake();
        status = engine.getHandshakeStatus();
    }

    @Override
    public Need need() {
        return switch (status) {
            case NEED_WRAP -> Need.SEND;
            case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> Need.RECEIVE;
            case NEED_TASK -> Need.COMPUTE;
            case FINISHED, NOT_HANDSHAKING -> Need.NOTHING;
        };
    }

    @Override
    public void compute() {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
        status = engine.getHandshakeStatus();
    }

    @Override
    public Result wrap(ByteBuffer source, ByteBuffer room) throws SSLException {
        return result(engine.wrap(source, room));
    }

    @Override
    public Result unwrap(ByteBuffer source, ByteBuffer room) throws SSLException {
        if (!room.hasRemaining()) {
            // Bytes for a reader have no place yet.
            return result(engine.unwrap(source, room));
        }
        rooms[0] = room;
        try {
            return result(engine.unwrap(source, rooms));
        } finally {
            rooms[0] = NOTHING;
        }
    }

    private Result result(SSLEngineResult result) {
        status = result.getHandshakeStatus();
        return switch (result.getStatus()) {
            case OK, BUFFER_UNDERFLOW -> Result.DONE;
            case BUFFER_OVERFLOW -> Result.NO_ROOM;
            case CLOSED -> Result.CLOSED;
        };
    }

    @Override
    public void closeOutput() {
        engine.closeOutbound();
        status = engine.getHandshakeStatus();
    }

    @Override
    public boolean isOutputClosed() {
        return engine.isOutboundDone();
    }

    @Override
    public int maxRecordBytes() {
        return engine.getSession().getPacketBufferSize();
    }

    @Override
    public @Nullable String peerHost() {
        return engine.getPeerHost();
    }

    @Override
    public TlsAgreement agreement() {
        SSLSession session = engine.getSession();
        String protocol = engine.getApplicationProtocol();
        // Whether the keys are older than this handshake: the JDK tells their age in milliseconds, and nothing else.
        boolean resumed = session.getCreationTime() < beganMillis;
        // No JDK up to 25 has a method that tells the group.
        return new TlsAgreement(session.getProtocol(), session.getCipherSuite(), "", protocol == null ? "" : protocol,
                serverName(session), peerCertificates(session), resumed);
    }

    private static String serverName(SSLSession session) {
        return session instanceof ExtendedSSLSession extended
                ? extended.getRequestedServerNames().stream()
                        .filter(SNIHostName.class::isInstance)
                        .map(name -> ((SNIHostName) name).getAsciiName())
                        .findFirst()
                        .orElse("")
                : "";
    }

    private static List<X509Certificate> peerCertificates(SSLSession session) {
        List<X509Certificate> chain = new ArrayList<>();
        try {
            for (Certificate certificate : session.getPeerCertificates()) {
                if (certificate instanceof X509Certificate x509) {
                    chain.add(x509);
                }
            }
        } catch (SSLPeerUnverifiedException e) {
            // It showed none, which servers may allow.
            chain.clear();
        }
        return chain;
    }

    @Override
    public void free() {
        // The garbage collector's.
    }
}
