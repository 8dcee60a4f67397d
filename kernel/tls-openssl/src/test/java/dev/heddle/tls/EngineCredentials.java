package dev.heddle.tls;

import dev.heddle.tls.internal.TlsCredentials;
import dev.heddle.tls.internal.UnmappedException;
import java.security.GeneralSecurityException;
import java.util.Map;

/** Keys and trust in the form that engines take, for tests of other packages. */
public final class EngineCredentials {

    private EngineCredentials() {}

    /** Of a server that is {@link TlsFixture#SERVER}. */
    public static TlsCredentials server() {
        return of(TlsFixture.SERVER, TlsTrust.of(TlsFixture.AUTHORITY.certificate()));
    }

    /** Of a client that trusts that one. */
    public static TlsCredentials client() {
        return of(null, TlsTrust.of(TlsFixture.SERVER.certificate()));
    }

    private static TlsCredentials of(TlsIdentity identity, TlsTrust trust) {
        try {
            return new TlsCredentials(identity == null ? null : identity.asKey(), Map.of(), trust.manager());
        } catch (GeneralSecurityException | UnmappedException e) {
            throw new AssertionError(e);
        }
    }
}
