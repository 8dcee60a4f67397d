package dev.heddle.http.internal.client.call;

import dev.heddle.http.client.Auth;
import org.jspecify.annotations.Nullable;

/** The credentials that a file has for hosts. */
@FunctionalInterface
public interface HostCredentials {

    /** How to answer for a request; null if nothing is said of its host. */
    @Nullable Auth authFor(RequestHop hop);
}
