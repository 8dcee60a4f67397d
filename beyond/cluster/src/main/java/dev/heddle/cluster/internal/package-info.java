/**
 * What everything of a cluster stands on: one session of the node ({@code Lease}), commits whose outcome is known
 * ({@code Commits}), directories that are followed ({@code DirectoryView}), texts as names ({@code Names}).
 */
@NullMarked
package dev.heddle.cluster.internal;

import org.jspecify.annotations.NullMarked;
