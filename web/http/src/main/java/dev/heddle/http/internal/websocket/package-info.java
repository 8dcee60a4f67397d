/**
 * The WebSocket protocol (RFC 6455) and its compression (RFC 7692) behind the opening handshake: frames, messages,
 * heartbeat and closing, the same for both sides. All of a socket belongs to one loop.
 *
 * <p>Read first: {@link dev.heddle.http.internal.websocket.WebSocketInbound}, {@link
 * dev.heddle.http.internal.websocket.WebSocketOutbound}, {@link dev.heddle.http.internal.websocket.WebSocketLifecycle}.
 */
@NullMarked
package dev.heddle.http.internal.websocket;

import org.jspecify.annotations.NullMarked;
