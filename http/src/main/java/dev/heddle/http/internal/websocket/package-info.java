/**
 * The WebSocket protocol (RFC 6455) and its compression (RFC 7692) behind the opening handshake: frames, messages, heartbeat and closing, the
 * same for both sides. All of a socket belongs to one loop.
 */
@NullMarked
package dev.heddle.http.internal.websocket;

import org.jspecify.annotations.NullMarked;
