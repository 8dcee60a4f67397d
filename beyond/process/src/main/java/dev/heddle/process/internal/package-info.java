/**
 * What pools and managers share: private directories and what is left of them, waits that nothing ends, the ends of
 * work.
 */
@NullMarked
package dev.heddle.process.internal;

import org.jspecify.annotations.NullMarked;
