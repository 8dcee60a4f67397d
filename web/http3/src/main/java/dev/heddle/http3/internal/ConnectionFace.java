package dev.heddle.http3.internal;

import dev.heddle.ClosedException;
import dev.heddle.engine.AbstractTransport;
import dev.heddle.io.internal.SecuredTransport;
import dev.heddle.quic.internal.Conversation;
import dev.heddle.tls.internal.SecureTransport;
import dev.heddle.tls.internal.TlsAgreement;
import java.nio.ByteBuffer;

/** The view that requests have of their connection: its addresses, and what TLS says of the peer. It carries no bytes. */
final class ConnectionFace extends AbstractTransport implements SecuredTransport, SecureTransport {

    private final Conversation conversation;

    ConnectionFace(Conversation conversation) {
        this.conversation = conversation;
    }

    @Override
    public TlsAgreement agreement() {
        return conversation.agreement();
    }

    @Override
    public String protection() {
        return agreement().version();
    }

    @Override
    public int tryRead(ByteBuffer target) {
        throw noBytes();
    }

    @Override
    public void awaitReadable() {
        throw noBytes();
    }

    @Override
    public int tryWrite(ByteBuffer source) {
        throw noBytes();
    }

    @Override
    public void awaitWritable() {
        throw noBytes();
    }

    private ClosedException noBytes() {
        return new ClosedException("the bytes of " + conversation + " are on its streams");
    }

    @Override
    protected void endOutput() {
        // It has none.
    }

    @Override
    protected void resetOnClose() {
        conversation.abort(Http3Error.NO_ERROR.code(), "");
    }

    @Override
    protected void release() {
        conversation.close();
    }

    @Override
    public String localAddress() {
        return conversation.localAddress();
    }

    @Override
    public String remoteAddress() {
        return conversation.remoteAddress();
    }
}
