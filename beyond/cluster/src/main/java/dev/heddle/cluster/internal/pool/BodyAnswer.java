package dev.heddle.cluster.internal.pool;

import dev.heddle.cluster.internal.wire.AnswerHead.End;

/**
 * How a body has ended on a node.
 *
 * @param content what belongs to the end; never changed
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record BodyAnswer(End end, byte[] content) {}
