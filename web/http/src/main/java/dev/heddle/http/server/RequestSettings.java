package dev.heddle.http.server;

import dev.heddle.http.JsonCodec;
import dev.heddle.http.internal.proxy.TrustedProxies;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The settings of a server that its requests go by, and whether it is about to stop. */
interface RequestSettings {

    ServerLimits limits();

    /** Reads and writes JSON; null for the codec that is found. */
    @Nullable JsonCodec json();

    /** Whom to believe about where requests come from. */
    TrustedProxies proxies();

    /** The routes that watchers ask. */
    Set<String> healthPaths();

    /** What a response over TCP says of other ways to this server (Alt-Svc, RFC 7838); null for nothing. */
    @Nullable String alternative();

    boolean isDraining();
}
