import type { MqttError } from './failure.ts';
import type { MqttMessage } from './message.ts';

/** How an operation came out. */
export interface MqttResponse {
  /** Under which it is counted. */
  readonly name: string;
  readonly ok: boolean;
  /** What it failed with, as it is counted: `timeout after 30 s`, `refused: Not authorized (0x87)`, `connection lost: …`. */
  readonly failure: string | undefined;
  /** As `failure`, to be thrown. */
  readonly error: MqttError | undefined;
  /** MQTT's code of the answer, 0 if it had none; of a subscription that was granted, its QoS. */
  readonly reasonCode: number;
  /** Milliseconds from the start to the acknowledgement, or to the answer of an exchange. */
  readonly elapsed: number;
  /** Bytes of the payload: what was published, or of the answer of an exchange. */
  readonly responseLength: number;
  /** The answer of an exchange. */
  readonly message: MqttMessage | undefined;
}
