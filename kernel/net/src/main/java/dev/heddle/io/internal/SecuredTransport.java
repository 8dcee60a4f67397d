package dev.heddle.io.internal;

import dev.heddle.engine.Transport;

/** A transport that protects what it carries. */
public interface SecuredTransport extends Transport {

    /** How, for people: {@code TLSv1.3 TLS_AES_128_GCM_SHA256}. Never waits. */
    String protection();
}
