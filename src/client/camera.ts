import { type Picture, ReparteeError, toReparteeError } from '../core/index.js';
import type { PictureSource } from './picture-loop.js';

export interface PictureOptions {
  /** Pictures are made smaller until no side is longer. Default 1,024. */
  maxSidePx?: number;
  /** Of the JPEG, 0..1. Default 0.7. */
  quality?: number;
}

export interface CameraOptions extends PictureOptions {
  /** Default: the camera that the browser chooses. */
  deviceId?: string;
  /** Of a phone: the camera on its back, or the one at its user. */
  facing?: 'environment' | 'user';
}

/** What a canvas shows, whenever it is asked. The canvas stays its owner's. */
export function canvasPictures(canvas: HTMLCanvasElement, options: PictureOptions = {}): PictureSource {
  return drawn(
    canvas,
    () => [canvas.width, canvas.height],
    options,
    () => {},
  );
}

/**
 * Opens a camera. Call it from a click. Rejects with ReparteeError `camera_denied` or `camera_missing`. Its light is on until `stop`.
 */
export async function cameraPictures(options: CameraOptions = {}): Promise<PictureSource> {
  const { deviceId, facing } = options;
  const stream = await openCamera({
    ...(deviceId === undefined ? {} : { deviceId: { exact: deviceId } }),
    ...(facing === undefined ? {} : { facingMode: facing }),
  });
  const stop = () => {
    for (const track of stream.getTracks()) track.stop();
  };
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  video.srcObject = stream;
  try {
    await video.play();
  } catch (thrown) {
    stop();
    throw toReparteeError(thrown, 'camera_missing', 'The camera could not be started: ');
  }
  return drawn(video, () => [video.videoWidth, video.videoHeight], options, stop);
}

function drawn(
  from: CanvasImageSource,
  size: () => readonly [number, number],
  { maxSidePx = 1_024, quality = 0.7 }: PictureOptions,
  stop: () => void,
): PictureSource {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d');
  return {
    async take(): Promise<Picture | undefined> {
      const [width, height] = size();
      if (width === 0 || height === 0 || context === null) return undefined;
      const scale = Math.min(1, maxSidePx / Math.max(width, height));
      canvas.width = Math.max(1, Math.round(width * scale));
      canvas.height = Math.max(1, Math.round(height * scale));
      context.drawImage(from, 0, 0, canvas.width, canvas.height);
      const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality));
      if (blob === null) return undefined;
      return { data: new Uint8Array(await blob.arrayBuffer()), mime: 'image/jpeg' };
    },
    stop,
  };
}

async function openCamera(video: MediaTrackConstraints): Promise<MediaStream> {
  // Browsers hide it from pages that are not secure contexts.
  const devices: MediaDevices | undefined = globalThis.navigator?.mediaDevices;
  if (devices === undefined) {
    throw new ReparteeError(
      'camera_denied',
      'The browser gives the camera only to pages served over https or from localhost. Open this page that way.',
    );
  }
  try {
    return await devices.getUserMedia({ video });
  } catch (thrown) {
    throw cameraError(thrown);
  }
}

/** Names: W3C Media Capture and Streams, 10.1 and 10.2. */
function cameraError(thrown: unknown): ReparteeError {
  const name = thrown instanceof Error ? thrown.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') {
    const message = 'This page may not use the camera. Allow it in the browser’s settings for this site.';
    return new ReparteeError('camera_denied', message, { cause: thrown });
  }
  return toReparteeError(thrown, 'camera_missing', 'The camera could not be opened: ');
}
