/** What stands between the streams of QUIC and the library that codes its packets. */
@NullMarked
package dev.heddle.quic.internal;

import org.jspecify.annotations.NullMarked;
