/**
 * What proxies say of the peer behind them: the PROXY protocol in front of a connection, and fields of a request.
 *
 * <p>Read first: {@link dev.heddle.http.internal.proxy.ProxyHeader}, {@link
 * dev.heddle.http.internal.proxy.ForwardedElement}.
 */
@NullMarked
package dev.heddle.http.internal.proxy;

import org.jspecify.annotations.NullMarked;
