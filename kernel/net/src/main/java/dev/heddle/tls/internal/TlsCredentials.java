package dev.heddle.tls.internal;

import java.util.Map;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The identity of one end, and the trust that it has in others.
 *
 * @param key null for none, which only clients may have
 * @param names the keys of a server for the names that clients ask for, see {@link ServerNames}
 */
public record TlsCredentials(@Nullable TlsKey key, Map<String, TlsKey> names, X509ExtendedTrustManager trust) {}
