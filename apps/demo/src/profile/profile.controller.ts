import { Controller, Get, Param } from '@nestjs/common';
import { ProfileService, type Profile } from './profile.service.js';

@Controller('profile')
export class ProfileController {
  constructor(private readonly profiles: ProfileService) {}

  @Get(':key')
  find(@Param('key') key: string): Promise<Profile> {
    return this.profiles.load(key);
  }
}
