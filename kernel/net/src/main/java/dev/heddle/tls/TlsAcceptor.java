package dev.heddle.tls;

import dev.heddle.engine.Acceptor;
import dev.heddle.engine.Transport;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The acceptor that puts TLS over each connection of another one. Accepting shakes no hands: that is the connection's
 * own task's work.
 */
final class TlsAcceptor implements Acceptor {

    private final Acceptor inner;
    private final ServerTls tls;

    TlsAcceptor(Acceptor inner, ServerTls tls) {
        this.inner = inner;
        this.tls = tls;
    }

    @Override
    public Transport accept() {
        return secured(inner.accept());
    }

    @Override
    public @Nullable Transport acceptNow() {
        Transport plain = inner.acceptNow();
        return plain == null ? null : secured(plain);
    }

    private Transport secured(Transport plain) {
        boolean over = false;
        try {
            Transport secured = tls.over(plain);
            over = true;
            return secured;
        } finally {
            if (!over) {
                plain.abort();
            }
        }
    }

    @Override
    public SocketAddress localAddress() {
        return inner.localAddress();
    }

    @Override
    public void close() {
        inner.close();
    }
}
