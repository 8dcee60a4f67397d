package dev.heddle.http.client;

import org.jspecify.annotations.Nullable;

/** The credentials that a file has for hosts. */
@FunctionalInterface
interface HostCredentials {

    /** How to answer for a request; null if nothing is said of its host. */
    @Nullable Auth authFor(RequestHop hop);
}
