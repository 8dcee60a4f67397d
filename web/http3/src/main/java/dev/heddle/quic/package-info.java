/**
 * QUIC (RFC 9000) by Cloudflare's quiche: connections of many streams over UDP, each a {@link dev.heddle.io.ByteStream} like
 * any other. Experimental: it may change until HTTP/3 stands on it.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.heddle.quic;

import org.jspecify.annotations.NullMarked;
