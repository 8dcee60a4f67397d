/** HTTP/3 (RFC 9114) on streams of QUIC, and its header blocks (QPACK, RFC 9204). */
@NullMarked
package dev.heddle.http3.internal;

import org.jspecify.annotations.NullMarked;
