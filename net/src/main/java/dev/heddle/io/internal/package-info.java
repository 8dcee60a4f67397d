/** What streams, sockets and files of this module share below their API: buffers of a loop, fairness, a wait of one task. */
@NullMarked
package dev.heddle.io.internal;

import org.jspecify.annotations.NullMarked;
