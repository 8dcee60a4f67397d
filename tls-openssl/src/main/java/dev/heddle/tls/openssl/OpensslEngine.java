package dev.heddle.tls.openssl;

import dev.heddle.tls.internal.ServerNames;
import dev.heddle.tls.internal.TlsCredentials;
import dev.heddle.tls.internal.TlsEngine;
import dev.heddle.tls.internal.TlsPeer;
import dev.heddle.tls.internal.TlsTerms;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One end of a connection by OpenSSL, which reads and writes two BIOs in memory (BIO_s_mem(3)): a whole record is put
 * into the one before the library is asked to read, and what it has written is taken out of the other at once.
 *
 * <p>The steps of a handshake that compute keys or check a certificate are for a worker; the last one of a server of TLS
 * 1.3, which compares a checksum, is taken at once.
 */
final class OpensslEngine implements TlsEngine {

    /** RFC 8446, section 5.2 and RFC 5246, section 6.2.3: bytes, what ciphers put around them, header. */
    private static final int MAX_RECORD_BYTES = 16 * 1024 + 2048 + 5;

    private static final int MAX_PLAIN_BYTES = 16 * 1024;
    private static final int HEADER_BYTES = 5;
    private static final int LENGTH_AT = 3;

    private final OpensslContext context;
    private final TlsCredentials credentials;
    private final ClientSessions sessions;
    private final TlsPeer peer;
    private final NativeSsl owner;
    private final Agreement agreement = new Agreement();
    private Need need = Need.NOTHING;
    private boolean agreed;
    private boolean outputClosed;

    /** Whether the library has written something that was not taken out. */
    private boolean written;

    /** What a step on a worker failed with, until it is told. */
    private @Nullable SSLException failure;

    private boolean failed;

    /** Why the peer's certificate is refused. */
    private @Nullable Throwable refusal;

    private long knownSession;

    OpensslEngine(OpensslContext context, TlsCredentials credentials, ClientSessions sessions, TlsPeer peer) {
        this.context = context;
        this.credentials = credentials;
        this.sessions = sessions;
        this.peer = peer;
        this.owner = new NativeSsl(context.main());
    }

    private TlsTerms terms() {
        return context.terms();
    }

    // ---- the handshake ----

    @Override
    public void begin() throws SSLException {
        long ssl = owner.ssl();
        if (terms().server()) {
            Ssl.SET_ACCEPT_STATE.call(ssl);
            need = Need.RECEIVE;
            return;
        }
        Ssl.SET_CONNECT_STATE.call(ssl);
        agreement.name(peer.serverName());
        agreement.announce(ssl);
        List<X509Certificate> chain = sessions.resume(sessionKey(), ssl);
        if (chain != null) {
            agreement.peerCertificates(chain);
            knownSession = Ssl.GET_SESSION.call(ssl);
        }
        step();
    }

    private ClientSessions.Key sessionKey() {
        String host = peer.host();
        return new ClientSessions.Key(host == null ? "" : host, peer.port(), peer.serverName(),
                terms().cipherSuites());
    }

    @Override
    public Need need() {
        return failure != null ? Need.SEND : need;
    }

    @Override
    public void compute() {
        if (!owner.enter()) {
            return;
        }
        try {
            step();
        } catch (SSLException e) {
            failure = e;
        } catch (RuntimeException | Error e) {
            failure = new SSLException(e);
        } finally {
            owner.leave();
        }
    }

    private void step() throws SSLException {
        long ssl = owner.ssl();
        int result = Callbacks.handshake(this, ssl);
        look();
        if (result == 1) {
            agree();
        } else if (Ssl.GET_ERROR.number(ssl, result) == Ssl.ERROR_WANT_READ) {
            need = written ? Need.SEND : Need.RECEIVE;
        } else {
            throw fail();
        }
    }

    private void agree() throws SSLException {
        agreed = true;
        try {
            agreement.complete(owner.ssl(), context.asksClients());
        } catch (CertificateException e) {
            refusal = e;
            throw fail();
        }
        need = written ? Need.SEND : Need.NOTHING;
        keepSession();
    }

    private SSLException fail() {
        failed = true;
        need = Need.SEND;
        Throwable cause = refusal;
        refusal = null;
        return OpensslFailure.take(cause);
    }

    private void look() {
        written = Crypto.BIO_PENDING.call(owner.output()) > 0;
    }

    // ---- what the library asks during a step ----

    /** Whether a server answers to a name; chooses its key. */
    boolean meet(String name) {
        agreement.name(name);
        if (!name.isEmpty() && terms().knownNames() != null
                && !ServerNames.contains(terms().knownNames(), name)) {
            return false;
        }
        long ssl = owner.ssl();
        Long named = name.isEmpty() ? null : ServerNames.find(context.names(), name);
        if (named != null) {
            Ssl.SET_SSL_CTX.call(ssl, named);
        }
        SessionBinding.bind(ssl, name, context.sessionSalt());
        return true;
    }

    List<String> protocols() {
        return terms().protocols();
    }

    void verify(List<X509Certificate> chain) throws CertificateException {
        X509Certificate[] shown = chain.toArray(X509Certificate[]::new);
        PeerView view = new PeerView(peer, Ssl.VERSION.number(owner.ssl()) == Ssl.TLS_1_3, terms().hostChecked());
        if (terms().server()) {
            credentials.trust().checkClientTrusted(shown, chain.getFirst().getPublicKey().getAlgorithm(), view);
        } else {
            credentials.trust().checkServerTrusted(shown, agreement.keyExchange(owner.ssl()), view);
        }
        agreement.peerCertificates(chain);
    }

    void refuse(Throwable why) {
        refusal = why instanceof CertificateException ? why : new CertificateException(why);
    }

    // ---- records ----

    @Override
    public Result unwrap(ByteBuffer source, ByteBuffer room) throws SSLException {
        requireIdle();
        feed(source);
        if (!agreed) {
            if (isLight()) {
                step();
            } else {
                need = Need.COMPUTE;
            }
            return Result.DONE;
        }
        long ssl = owner.ssl();
        int count = Ssl.READ.call(ssl, MemorySegment.ofBuffer(room), room.remaining());
        if (count > 0) {
            room.position(room.position() + count);
            return Result.DONE;
        }
        return afterControl(ssl, Ssl.GET_ERROR.number(ssl, count));
    }

    private boolean isLight() {
        return terms().server() && !context.asksClients()
                && Ssl.GET_STATE.number(owner.ssl()) == Ssl.SERVER_HAS_SAID_ALL;
    }

    /** Puts the first record into the library; of what is no record all there is, since the library says why not. */
    private void feed(ByteBuffer source) {
        int start = source.position();
        int length = source.remaining();
        if (length >= HEADER_BYTES && source.get(start + 1) == 3) {
            length = Math.min(length, HEADER_BYTES + Short.toUnsignedInt(source.getShort(start + LENGTH_AT)));
        }
        Crypto.BIO_WRITE.call(owner.input(), MemorySegment.ofBuffer(source), length);
        source.position(start + length);
    }

    private Result afterControl(long ssl, int error) throws SSLException {
        look();
        switch (error) {
            case Ssl.ERROR_WANT_READ -> {
                keepSession();
                boolean due = written || Ssl.GET_KEY_UPDATE_TYPE.number(ssl) != Ssl.NO_KEY_UPDATE;
                need = due ? Need.SEND : Need.NOTHING;
                return Result.DONE;
            }
            case Ssl.ERROR_ZERO_RETURN -> {
                if (!agreement.isTls13() && !outputClosed) {
                    // RFC 5246, section 7.2.1: the answer to a close is a close.
                    closeOutput();
                }
                return Result.CLOSED;
            }
            default -> throw fail();
        }
    }

    @Override
    public Result wrap(ByteBuffer source, ByteBuffer room) throws SSLException {
        SSLException untold = failure;
        if (untold != null) {
            failure = null;
            throw untold;
        }
        if (!owner.isIdle()) {
            return Result.DONE;
        }
        long ssl = owner.ssl();
        if (agreed && !failed && !written && !outputClosed
                && need == Need.SEND && Ssl.GET_KEY_UPDATE_TYPE.number(ssl) != Ssl.NO_KEY_UPDATE) {
            step();
        }
        if (written) {
            drain(room);
            return isOutputClosed() ? Result.CLOSED : Result.DONE;
        }
        if (outputClosed) {
            return Result.CLOSED;
        }
        if (agreed && !failed && source.hasRemaining()) {
            int length = Math.min(source.remaining(), MAX_PLAIN_BYTES);
            int count = Ssl.WRITE.call(ssl, MemorySegment.ofBuffer(source), length);
            if (count <= 0) {
                Ssl.GET_ERROR.number(ssl, count);
                throw fail();
            }
            source.position(source.position() + count);
            drain(room);
        }
        return Result.DONE;
    }

    private void drain(ByteBuffer room) {
        int count = Crypto.BIO_READ.call(owner.output(), MemorySegment.ofBuffer(room), room.remaining());
        if (count > 0) {
            room.position(room.position() + count);
        }
        look();
        if (!written) {
            need = agreed || failed ? Need.NOTHING : Need.RECEIVE;
        }
    }

    /** A session that can be resumed comes with the handshake in TLS 1.2, in a record of its own in TLS 1.3. */
    private void keepSession() {
        long ssl = owner.ssl();
        if (terms().server() || failed) {
            return;
        }
        long session = Ssl.GET_SESSION.call(ssl);
        if (session != 0 && session != knownSession && Ssl.SESSION_IS_RESUMABLE.number(session) == 1) {
            knownSession = session;
            sessions.put(sessionKey(), new ClientSessions.Session(
                    Ssl.GET1_SESSION.call(ssl), agreement.peerCertificates(), agreement.isTls13()));
        }
    }

    // ---- the end ----

    @Override
    public void closeOutput() {
        if (outputClosed || !owner.isIdle()) {
            return;
        }
        outputClosed = true;
        if (agreed && !failed) {
            Ssl.SHUTDOWN.call(owner.ssl());
            Crypto.ERR_CLEAR.call(0);
            look();
            need = written ? Need.SEND : Need.NOTHING;
        }
    }

    @Override
    public boolean isOutputClosed() {
        return outputClosed && (!written || !owner.isIdle());
    }

    @Override
    public void free() {
        if (agreed && !failed && owner.isIdle()) {
            // Otherwise the library takes the session for broken, and nobody could resume it.
            Ssl.SET_SHUTDOWN.call(owner.ssl(), Ssl.SENT_AND_RECEIVED);
        }
        owner.free();
    }

    private void requireIdle() throws SSLException {
        if (!owner.isIdle()) {
            throw new SSLException("the connection is closed");
        }
    }

    // ---- what was agreed on ----

    @Override
    public int maxRecordBytes() {
        return MAX_RECORD_BYTES;
    }

    @Override
    public @Nullable String peerHost() {
        return peer.host();
    }

    @Override
    public String version() {
        return agreement.version();
    }

    @Override
    public String cipherSuite() {
        return agreement.cipherSuite();
    }

    @Override
    public String applicationProtocol() {
        return agreement.protocol();
    }

    @Override
    public String serverName() {
        return agreement.name();
    }

    @Override
    public List<X509Certificate> peerCertificates() {
        return agreement.peerCertificates();
    }

    @Override
    public boolean isResumed() {
        return agreement.isResumed();
    }

    @Override
    public String toString() {
        return "OpenSSL " + (terms().server() ? "server" : "client of " + peer.host());
    }
}
