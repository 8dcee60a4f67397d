/**
 * Values as bytes, and frames of them between processes.
 *
 * <p>Read first {@link dev.heddle.process.internal.codec.Codec}, {@link dev.heddle.process.internal.codec.Frame} and
 * {@link dev.heddle.process.internal.codec.FrameChannel}. The codec knows no one who uses it: a type with a way of its
 * own provides a {@link dev.heddle.process.internal.codec.SpecialForm}.
 */
@NullMarked
package dev.heddle.process.internal.codec;

import org.jspecify.annotations.NullMarked;
