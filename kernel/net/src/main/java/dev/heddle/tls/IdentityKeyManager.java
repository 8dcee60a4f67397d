package dev.heddle.tls;

import dev.heddle.tls.internal.ServerNames;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** The key manager that gives the JDK's engine the identity for the name that a client asks for, or the main one. */
final class IdentityKeyManager extends X509ExtendedKeyManager {

    private static final String MAIN = "";

    private final Map<String, TlsIdentity> byAlias = new LinkedHashMap<>();

    /** Which alias a name, or a wildcard, has. */
    private final Map<String, String> aliases = new LinkedHashMap<>();

    IdentityKeyManager(TlsIdentity main) {
        this(main, Map.of());
    }

    IdentityKeyManager(TlsIdentity main, Map<String, TlsIdentity> names) {
        byAlias.put(MAIN, main);
        names.forEach((name, identity) -> {
            byAlias.put(name, identity);
            aliases.put(name, name);
        });
    }

    @Override
    public @Nullable String chooseEngineServerAlias(String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
        // Never another name's certificate: the JDK asks again with the next kind of key that the client knows.
        String alias = aliasFor(engine);
        return identity(alias).fits(keyType) ? alias : null;
    }

    private String aliasFor(SSLEngine engine) {
        if (engine.getHandshakeSession() instanceof ExtendedSSLSession session) {
            for (SNIServerName name : session.getRequestedServerNames()) {
                String alias = name instanceof SNIHostName host ? ServerNames.find(aliases, host.getAsciiName()) : null;
                if (alias != null) {
                    return alias;
                }
            }
        }
        return MAIN;
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, SSLEngine engine) {
        for (String keyType : keyTypes) {
            if (identity(MAIN).fits(keyType)) {
                return MAIN;
            }
        }
        return null;
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(@Nullable String alias) {
        TlsIdentity found = alias == null ? null : byAlias.get(alias);
        return found == null ? null : found.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(@Nullable String alias) {
        TlsIdentity found = alias == null ? null : byAlias.get(alias);
        return found == null ? null : found.key();
    }

    private TlsIdentity identity(String alias) {
        TlsIdentity found = byAlias.get(alias);
        if (found == null) {
            throw new IllegalStateException("no identity " + alias);
        }
        return found;
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return identity(MAIN).fits(keyType) ? new String[]{MAIN} : null;
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        List<String> fitting = new ArrayList<>();
        byAlias.forEach((alias, identity) -> {
            if (identity.fits(keyType)) {
                fitting.add(alias);
            }
        });
        return fitting.isEmpty() ? null : fitting.toArray(String[]::new);
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        throw new UnsupportedOperationException("only engines are used here, no sockets");
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        throw new UnsupportedOperationException("only engines are used here, no sockets");
    }
}
