package dev.heddle.http.internal.proxy;

import org.jspecify.annotations.Nullable;

/**
 * The origin of a request: where it comes from, as far as one can believe it.
 *
 * @param clientAddress an IP address, or what stands for one where there is none
 * @param secure whether the client speaks https
 * @param host the host that the client asked for; null if it named none
 */
public record RequestOrigin(String clientAddress, boolean secure, @Nullable String host) {}
