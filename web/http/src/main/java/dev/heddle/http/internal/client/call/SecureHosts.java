package dev.heddle.http.internal.client.call;

import dev.heddle.http.internal.codec.ClientUrl;

/** The hosts that are asked by https only, as the calls of a client see them (RFC 6797). */
public interface SecureHosts {

    /** The URL by https if its host is known to want that. */
    ClientUrl secured(ClientUrl url);

    /** Takes the Strict-Transport-Security field of a reply. */
    void learn(ClientUrl url, String field);
}
