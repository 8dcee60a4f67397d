/**
 * Profiles of a running program: which tasks its processors work for, and where. The JDK's Flight Recorder takes the
 * samples; a task stands in them as the virtual thread that it is.
 *
 * <p>Read first: {@link dev.heddle.observe.internal.profile.ProfileRecording}, {@link
 * dev.heddle.observe.internal.profile.Profile}, {@link dev.heddle.observe.internal.profile.FlameGraph}.
 */
@NullMarked
package dev.heddle.observe.internal.profile;

import org.jspecify.annotations.NullMarked;
