package dev.heddle.tls.openssl;

import dev.heddle.internal.Unyielding;
import dev.heddle.tls.internal.ServerNames;
import dev.heddle.tls.internal.TlsAgreement;
import dev.heddle.tls.internal.TlsCredentials;
import dev.heddle.tls.internal.TlsPeer;
import dev.heddle.tls.internal.TlsTerms;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The handshake of one end, and what the library asks during its steps. Who the other end is, the JDK's trust manager
 * says, before the library goes on.
 */
final class OpensslHandshake {

    private final OpensslContext context;
    private final TlsCredentials credentials;
    private final TlsPeer peer;
    private final NativeSsl owner;

    /** What a client resumes and keeps; null on a server. */
    private final @Nullable SessionUse session;

    private TlsAgreement agreement = TlsAgreement.NONE;
    private String name = "";
    private List<X509Certificate> peerCertificates = List.of();

    /** Whether the peer's certificates were checked in this handshake. */
    private boolean verified;

    /** Why the peer's certificate is refused. */
    private @Nullable Throwable refusal;

    OpensslHandshake(OpensslContext context, TlsCredentials credentials, ClientSessions sessions, TlsPeer peer,
            NativeSsl owner) {
        this.context = context;
        this.credentials = credentials;
        this.peer = peer;
        this.owner = owner;
        this.session = context.terms().server() ? null : new SessionUse(sessions, peer, context.terms());
    }

    private TlsTerms terms() {
        return context.terms();
    }

    void begin() {
        if (session == null) {
            owner.number(Ssl.SET_ACCEPT_STATE);
        } else {
            owner.number(Ssl.SET_CONNECT_STATE);
            name = peer.serverName();
            ServerNameExtension.announce(owner, name);
            peerCertificates = session.resume(owner);
        }
    }

    /**
     * Takes a step with what was fed.
     *
     * @return whether it is over; otherwise it needs more
     */
    boolean step() throws SSLException {
        // What the library says of a failure, it says to the thread that it happened on.
        return Unyielding.call(this::stepOnOneThread);
    }

    private boolean stepOnOneThread() throws SSLException {
        long ssl = owner.ssl();
        OpensslCallbacks.enter(this, ssl);
        try {
            Crypto.clearErrors();
            int result = Ssl.DO_HANDSHAKE.number(ssl);
            if (result != 1) {
                if (Ssl.GET_ERROR.number(ssl, result) != Ssl.ERROR_WANT_READ) {
                    throw failure();
                }
                return false;
            }
            if (agreement == TlsAgreement.NONE) {
                checkWhoItIs(ssl);
                agreement = Agreed.read(ssl, name, peerCertificates);
                keepSession();
            }
            return true;
        } finally {
            OpensslCallbacks.leave(ssl);
        }
    }

    /** Whether the next step computes little: a server of TLS 1.3 that waits for the client's last words. */
    boolean isNextStepLight() {
        return terms().server() && !context.asksClients() && owner.number(Ssl.GET_STATE) == Ssl.SERVER_HAS_SAID_ALL;
    }

    /** What the library has seen to already, once more: nobody goes on with whom the trust manager has not seen. */
    private void checkWhoItIs(long ssl) throws SSLException {
        boolean resumed = Agreed.isResumed(ssl);
        try {
            if (resumed && context.asksClients()) {
                peerCertificates = Agreed.rememberedByServer(ssl);
            }
        } catch (CertificateException e) {
            refuse(e);
            throw failure();
        }
        if (!verified && !resumed) {
            peerCertificates = List.of();
        }
        boolean demanded = !terms().server() || terms().clients() == TlsTerms.Clients.NEEDED;
        if (demanded && peerCertificates.isEmpty()) {
            refuse(new CertificateException("the peer has shown none"));
            throw failure();
        }
    }

    /** What the library has failed with, or what it was made to fail with. */
    SSLException failure() {
        Throwable cause = refusal;
        refusal = null;
        return OpensslFailure.take(cause);
    }

    TlsAgreement agreement() {
        return agreement;
    }

    /** Keeps what a client can resume, if there is something new. */
    void keepSession() {
        if (session != null) {
            session.keep(owner, peerCertificates);
        }
    }

    // ---- what the library asks during a step ----

    /** Whether a server answers to a name; chooses its key. */
    boolean meet(String asked) {
        name = asked;
        if (!name.isEmpty() && terms().knownNames() != null && !ServerNames.contains(terms().knownNames(), name)) {
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
        long ssl = owner.ssl();
        X509Certificate[] shown = chain.toArray(X509Certificate[]::new);
        PeerView view = new PeerView(peer, terms(), Agreed.isTls13(ssl));
        if (terms().server()) {
            credentials.trust().checkClientTrusted(shown, chain.getFirst().getPublicKey().getAlgorithm(), view);
        } else {
            credentials.trust().checkServerTrusted(shown, Agreed.keyExchange(ssl), view);
        }
        peerCertificates = List.copyOf(chain);
        verified = true;
    }

    void refuse(Throwable why) {
        refusal = why instanceof CertificateException ? why : new CertificateException(why);
    }
}
